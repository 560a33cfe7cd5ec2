// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/displaytext.h"
#include "base/strictjson.h"
#include "base/words.h"
#include "http/client.h"

#include <QLocale>

namespace mooring::http {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Words;

Result<QJsonObject> readJsonObject(const Response &response)
{
    Result<QJsonObject> object = base::parseJsonObject(response.body);
    if (object) {
        return object;
    }
    base::Error error = object.error();
    error.host = base::displayAuthority(response.url);
    error.httpStatus = response.status;
    const bool isPage = response.body.trimmed().startsWith('<');
    error.sentence =
        isPage
            ? Words::tr("%1 answered with a web page instead of data. Maybe this network wants you to log in "
                        "first, or the address is not quite right.")
                  .arg(error.host)
            : Words::tr("%1 sent an answer that Mooring can't read.").arg(error.host);
    return base::failed(error);
}

base::Error statusError(const ResponseHead &response, const QDateTime &now)
{
    const QString host = base::displayAuthority(response.url);
    base::Error error =
        makeError(ErrorKind::HttpStatus,
                  Words::tr("%1 answered with an error (HTTP %2).").arg(host).arg(response.status), {}, host);
    error.httpStatus = response.status;
    const QByteArray retryAfter = response.headers.value("Retry-After").trimmed();
    if (!retryAfter.isEmpty()) {
        bool isSeconds = false;
        qint64 seconds = retryAfter.toLongLong(&isSeconds);
        if (!isSeconds) {
            // Qt's own RFC 2822 parser doesn't know the "GMT" that HTTP dates end with.
            QDateTime date = QLocale::c().toDateTime(QString::fromLatin1(retryAfter),
                                                     u"ddd, dd MMM yyyy hh:mm:ss 'GMT'"_s);
            date.setTimeSpec(Qt::UTC);
            seconds = date.isValid() ? now.secsTo(date) : 1;
        }
        error.retryAt = now.addSecs(std::clamp<qint64>(seconds, 1, 3600));
    }
    if (response.status == 429 || response.status == 503) {
        error.sentence =
            error.retryAt ? Words::tr("%1 asks us to wait until %2.")
                                .arg(host, QLocale().toString(error.retryAt->toLocalTime().time(),
                                                              QLocale::ShortFormat))
                          : Words::tr("%1 is busy or out of order (HTTP %2).").arg(host).arg(response.status);
    }
    return error;
}

} // namespace mooring::http
