// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "interop/addressrules.h"

#include "base/displaytext.h"
#include "base/words.h"
#include "interop/headerrules.h"

#include <QRegularExpression>

#include <algorithm>

namespace mooring::interop {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Words;

namespace {

constexpr qsizetype maximumLength = 8192;

/// Between the slashes behind the scheme and the path.
QStringView authorityOf(QStringView address)
{
    const qsizetype slashes = address.indexOf(u"://");
    const QStringView rest = slashes < 0 ? address : address.sliced(slashes + 3);
    const auto isEnd = [](QChar c) { return c == u'/' || c == u'?' || c == u'#' || c == u'\\'; };
    return rest.left(std::find_if(rest.begin(), rest.end(), isEnd) - rest.begin());
}

/// "javascript" of "javascript:…"; nothing for "host:8080" and "host/a:b".
QString schemeOf(const QString &address)
{
    static const QRegularExpression form(u"^([A-Za-z][A-Za-z0-9+.-]{0,40}):(?![0-9]{1,5}(?:[/?#]|$))"_s);
    return form.match(address.left(100)).captured(1).toLower();
}

bool hasControl(const QString &text)
{
    return std::any_of(text.begin(), text.end(), [](QChar c) {
        return c.category() == QChar::Other_Control || c == QChar::LineSeparator
               || c == QChar::ParagraphSeparator;
    });
}

} // namespace

Result<void> checkAddress(const QString &text)
{
    const QString scheme = schemeOf(text);
    if (!scheme.isEmpty() && scheme != "http"_L1 && scheme != "https"_L1) {
        return base::failed(base::makeError(
            ErrorKind::RefusedByPolicy,
            Words::tr(
                "An address that begins with %1: is no server's. Mooring connects to https:// addresses.")
                .arg(base::displayText(scheme, 40))));
    }
    if (hasControl(text) || text.size() > maximumLength) {
        return base::failed(base::makeError(
            ErrorKind::InvalidInput,
            Words::tr("That is not a web address of a server. It looks like https://mcp.example.com/mcp."),
            u"a control character, or longer than 8 KiB"_s));
    }
    if (authorityOf(text).contains(u'@')) {
        return base::failed(base::makeError(ErrorKind::RefusedByPolicy,
                                            Words::tr("This address has a user name or password in it, "
                                                      "which everybody could read. Paste it without, "
                                                      "and put the key into a header.")));
    }
    return {};
}

Result<void> checkHeader(const PastedHeader &header)
{
    const QString value = header.value.text();
    if (!isHeaderName(header.name) || hasControl(value) || value.size() > maximumLength) {
        return base::failed(base::makeError(ErrorKind::InvalidInput,
                                            Words::tr("The header %1 can't be sent: it has a line break or "
                                                      "another character that no header may have.")
                                                .arg(base::displayText(header.name, 60))));
    }
    return {};
}

bool speaksOfMcp(const QString &address)
{
    static const QRegularExpression word(u"(?:^|[^a-z0-9])(?:mcp|sse)(?:[^a-z0-9]|$)"_s,
                                         QRegularExpression::CaseInsensitiveOption);
    return word.match(address.left(maximumLength)).hasMatch();
}

} // namespace mooring::interop
