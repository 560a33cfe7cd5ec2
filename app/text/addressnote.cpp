// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/addressnote.h"

#include "base/displaytext.h"
#include "base/words.h"
#include "http/addresssecrets.h"
#include "http/urlpolicy.h"

#include <QStringList>

namespace mooring::text {

using namespace Qt::StringLiterals;
using base::Words;

QString addressNote(const QUrl &typed)
{
    QStringList sentences;
    if (const QStringList names = http::withoutSecretQuery(typed).names; !names.isEmpty()) {
        sentences
            << Words::tr(
                   "This address holds a key (%1), so it is a secret like a password. Mooring keeps the key "
                   "in your keychain and shows the address without it.")
                   .arg(base::displayText(names.join(u", "_s)));
    }
    if (http::hasSecretPath(typed)) {
        sentences << Words::tr(
            "This address is a secret itself: whoever has it can use the server as you. Mooring "
            "doesn't show the secret part, but keeps it in its list, a file that only you can read.");
    }
    if (http::UrlPolicy::isPlainHttp(typed)) {
        sentences
            << Words::tr(
                   "What is sent to %1 goes without encryption: whoever is in your network can read it, keys "
                   "and sign-ins too.")
                   .arg(base::displayAuthority(typed));
    }
    return sentences.join(u' ');
}

} // namespace mooring::text
