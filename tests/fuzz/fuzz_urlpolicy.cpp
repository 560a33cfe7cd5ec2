// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz/fuzzing.h"
#include "http/urlpolicy.h"

using namespace mooring;
using namespace Qt::StringLiterals;
using fuzz::require;
using http::AddressClass;
using http::UrlPolicy;
using http::UrlUse;

namespace {

void checkAllowed(const QUrl &url, AddressClass server)
{
    const QString text = url.toString(QUrl::FullyEncoded);
    require(url.scheme() == "https"_L1 || url.scheme() == "http"_L1, "only https and http");
    require(!url.host().isEmpty(), "there is a host");
    require(url.userInfo().isEmpty(), "there is no user name");
    require(!url.hasFragment(), "there is no fragment");
    require(url.scheme() == "https"_L1 || UrlPolicy::classOf(url) == AddressClass::Loopback,
            "http stays on this computer");
    require(UrlPolicy::classOf(url) <= server, "nothing nearer than the server");
    for (const QChar c : text) {
        require(c.unicode() > 0x20 && c.unicode() < 0x7f && c != u'\\', "the encoded form is plain ASCII");
    }
    // As typed: ports are judged only where Mooring itself fetches what a server named.
    const base::Result<QUrl> again = UrlPolicy(server).check(text, UrlUse::Server);
    require(again && *again == url, "what is allowed is allowed again, and the same");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size)
{
    const QString text = QString::fromUtf8(fuzz::bytesOf(data, size));
    for (const AddressClass server : {AddressClass::Public, AddressClass::Private, AddressClass::Loopback}) {
        if (const base::Result<QUrl> url = UrlPolicy(server).check(text, UrlUse::Browser)) {
            checkAllowed(*url, server);
        }
    }
    if (const base::Result<QUrl> typed = UrlPolicy::parseTyped(text)) {
        checkAllowed(*typed, AddressClass::Loopback);
    }
    return 0;
}
