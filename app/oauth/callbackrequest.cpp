// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/callbackrequest.h"

#include "http/form.h"

#include <QCryptographicHash>
#include <QList>

namespace mooring::oauth {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype maximumLine = 8 * 1024;
constexpr qsizetype maximumHead = 16 * 1024;

CallbackRequest refused(int status)
{
    return {CallbackRequest::State::Refused, status, {}};
}

/// Exactly one Host field, with exactly our value: a page that has talked a name server into naming
/// this computer comes with its own host.
bool isForUs(const QList<QByteArray> &fields, QByteArrayView host)
{
    int hosts = 0;
    bool isOurs = false;
    for (const QByteArray &field : fields) {
        const qsizetype colon = field.indexOf(':');
        if (colon < 0 || field.left(colon).compare("host", Qt::CaseInsensitive) != 0) {
            continue;
        }
        ++hosts;
        isOurs = QByteArrayView(field).sliced(colon + 1).trimmed() == host;
    }
    return hosts == 1 && isOurs;
}

} // namespace

QString callbackPath()
{
    return u"/callback"_s;
}

QString callbackPath(const QString &issuer)
{
    constexpr qsizetype enough = 12; // bytes: 16 characters, and nobody finds two issuers with the same
    const QByteArray digest = QCryptographicHash::hash(issuer.toUtf8(), QCryptographicHash::Sha256);
    return callbackPath() + u'/'
           + QString::fromLatin1(digest.left(enough).toBase64(QByteArray::Base64UrlEncoding));
}

CallbackRequest readCallbackRequest(QByteArrayView received, QByteArrayView host, QByteArrayView path)
{
    const qsizetype lineEnd = received.indexOf("\r\n");
    if (lineEnd > maximumLine || (lineEnd < 0 && received.size() > maximumLine)) {
        return refused(414);
    }
    const qsizetype headEnd = received.indexOf("\r\n\r\n");
    if (headEnd > maximumHead || (headEnd < 0 && received.size() > maximumHead)) {
        return refused(431);
    }
    if (headEnd < 0) {
        return {};
    }
    const QList<QByteArray> words = received.first(lineEnd).toByteArray().split(' ');
    if (words.size() != 3 || !words.at(2).startsWith("HTTP/1.")) {
        return refused(400);
    }
    const QList<QByteArray> fields = received.first(headEnd).sliced(lineEnd).toByteArray().split('\n');
    if (!isForUs(fields, host)) {
        return refused(400);
    }
    if (words.at(0) != "GET") {
        return refused(405);
    }
    const QByteArray &target = words.at(1);
    const qsizetype mark = target.indexOf('?');
    if ((mark < 0 ? target : target.left(mark)) != path) {
        return refused(404);
    }
    return {CallbackRequest::State::Complete, 200, mark < 0 ? QByteArray() : target.mid(mark + 1)};
}

std::optional<QMap<QByteArray, QByteArray>> callbackParameters(QByteArrayView query)
{
    const std::optional<http::FormFields> fields = http::decodeForm(query);
    if (!fields) {
        return std::nullopt;
    }
    QMap<QByteArray, QByteArray> parameters;
    for (const auto &[name, value] : *fields) {
        if (parameters.contains(name)) {
            return std::nullopt;
        }
        parameters.insert(name, value);
    }
    return parameters;
}

} // namespace mooring::oauth
