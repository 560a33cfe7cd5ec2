// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/demoapprove.h"

#include "http/form.h"
#include "http/urlpolicy.h"

#include <QDeadlineTimer>
#include <QRegularExpression>
#include <QTcpSocket>
#include <QUrl>

namespace mooring::demo {

using namespace Qt::StringLiterals;

namespace {

constexpr int patience = 20000;
constexpr int maximumHops = 5;

struct Answer {
    int status = 0;
    QUrl location;
    QByteArray body;
    QString problem;
};

Answer problem(const QString &text)
{
    Answer answer;
    answer.problem = text;
    return answer;
}

QByteArray requestBytes(const QUrl &url, const QByteArray &form)
{
    const QByteArray path = url.path(QUrl::FullyEncoded).toLatin1();
    const QByteArray query = url.query(QUrl::FullyEncoded).toLatin1();
    QByteArray bytes = form.isEmpty() ? "GET " : "POST ";
    bytes += (path.isEmpty() ? "/" : path) + (query.isEmpty() ? "" : "?" + query) + " HTTP/1.1\r\n";
    bytes += "Host: " + url.authority().toLatin1() + "\r\nConnection: close\r\n";
    if (!form.isEmpty()) {
        bytes += "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: "
                 + QByteArray::number(form.size()) + "\r\n";
    }
    return bytes + "\r\n" + form;
}

Answer readAnswer(const QUrl &url, const QByteArray &bytes)
{
    static const QRegularExpression statusLine(u"^HTTP/1\\.[01] (\\d{3})"_s);
    static const QRegularExpression locationLine(u"\r\nlocation: *([^\r]+)"_s,
                                                 QRegularExpression::CaseInsensitiveOption);
    const qsizetype end = bytes.indexOf("\r\n\r\n");
    const QString head = QString::fromLatin1(bytes.first(std::max<qsizetype>(end, 0)));
    Answer answer;
    answer.status = statusLine.match(head).captured(1).toInt();
    answer.body = end < 0 ? QByteArray() : bytes.mid(end + 4);
    if (const auto match = locationLine.match(head); match.hasMatch()) {
        answer.location = url.resolved(QUrl(match.captured(1)));
    }
    return answer.status == 0 ? problem(u"No usable answer from %1"_s.arg(url.authority())) : answer;
}

Answer send(const QUrl &url, const QByteArray &form = {})
{
    if (url.scheme() != "http"_L1 || http::UrlPolicy::classOf(url) != http::AddressClass::Loopback) {
        return problem(u"This is no address on this computer: %1"_s.arg(url.host()));
    }
    const QDeadlineTimer deadline(patience);
    QTcpSocket socket;
    socket.connectToHost(url.host(), quint16(url.port(80)));
    if (!socket.waitForConnected(patience)) {
        return problem(u"%1 can't be reached"_s.arg(url.authority()));
    }
    socket.write(requestBytes(url, form));
    while (socket.state() == QAbstractSocket::ConnectedState && !deadline.hasExpired()) {
        socket.waitForReadyRead(int(deadline.remainingTime()));
    }
    return readAnswer(url, socket.readAll());
}

/// Where a redirect leads in the end.
Answer follow(Answer answer)
{
    for (int hop = 0; answer.problem.isEmpty() && answer.location.isValid() && hop < maximumHops; ++hop) {
        answer = send(answer.location);
    }
    return answer;
}

} // namespace

QString decideOnConsent(const QString &address, bool allow)
{
    static const QRegularExpression requestField(u"name=\"request\" value=\"([A-Za-z0-9_-]+)\""_s);
    const QUrl url(address);
    const Answer page = send(url);
    if (!page.problem.isEmpty()) {
        return page.problem;
    }
    if (page.location.isValid()) {
        // As a browser would: the app is to hear what the service didn't like.
        follow(page);
        return u"The service refused the request before asking anybody"_s;
    }
    const QRegularExpressionMatch match = requestField.match(QString::fromUtf8(page.body));
    if (page.status != 200 || !match.hasMatch()) {
        return u"There is no consent page at %1 (status %2)"_s.arg(url.authority()).arg(page.status);
    }
    const http::FormFields form = {{"request", match.captured(1).toLatin1()},
                                   {"decision", allow ? "allow" : "deny"}};
    const Answer end = follow(send(url.resolved(QUrl(u"/authorize"_s)), http::encodeForm(form)));
    if (!end.problem.isEmpty()) {
        return end.problem;
    }
    return end.status == 200 ? QString() : u"The app answered with status %1"_s.arg(end.status);
}

} // namespace mooring::demo
