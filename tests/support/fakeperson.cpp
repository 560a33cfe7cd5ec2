// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/fakeperson.h"

#include "base/displaytext.h"
#include "http/form.h"

#include <QTcpSocket>
#include <QTimer>

#include <memory>

namespace mooring::support {

using namespace Qt::StringLiterals;

namespace {

constexpr int maximumHops = 5;

QByteArray headerOf(const QByteArray &answer, const QByteArray &name)
{
    const QByteArray head = answer.left(answer.indexOf("\r\n\r\n"));
    for (const QByteArray &line : head.split('\n')) {
        if (line.toLower().startsWith(name + ':')) {
            return line.mid(name.size() + 1).trimmed();
        }
    }
    return {};
}

} // namespace

void plainGet(const QUrl &url, QObject *context, std::function<void(const QByteArray &answer)> done)
{
    auto *socket = new QTcpSocket(context);
    const auto answer = std::make_shared<QByteArray>();
    const auto isDone = std::make_shared<bool>(false);
    const auto end = [=] {
        if (!std::exchange(*isDone, true)) {
            *answer += socket->readAll();
            socket->deleteLater();
            done(*answer);
        }
    };
    QObject::connect(socket, &QTcpSocket::connected, context, [=] {
        const QByteArray query = url.hasQuery() ? '?' + url.query(QUrl::FullyEncoded).toLatin1() : "";
        socket->write("GET " + url.path(QUrl::FullyEncoded).toLatin1() + query + " HTTP/1.1\r\nHost: "
                      + mooring::base::displayAuthority(url).toLatin1() + "\r\nConnection: close\r\n\r\n");
    });
    QObject::connect(socket, &QTcpSocket::readyRead, context, [=] { *answer += socket->readAll(); });
    QObject::connect(socket, &QTcpSocket::disconnected, context, end);
    QObject::connect(socket, &QTcpSocket::errorOccurred, context, end);
    socket->connectToHost(url.host(), static_cast<quint16>(url.port(80)));
}

int statusOf(const QByteArray &answer)
{
    return answer.startsWith("HTTP/1.1 ") ? answer.mid(9, 3).toInt() : 0;
}

std::function<bool(const QUrl &)> FakePerson::openUrl()
{
    return [this](const QUrl &url) {
        opened.append(url);
        if (hasBrowser && mood != Mood::Never) {
            QTimer::singleShot(thinksFor, this, [this, url] {
                QUrl page = url;
                if (mood == Mood::Deny) {
                    page.setQuery(url.query(QUrl::FullyEncoded) + u"&fake_decision=deny"_s);
                }
                visit(leads ? leads(page) : page, maximumHops);
            });
        }
        return hasBrowser;
    };
}

void FakePerson::visit(const QUrl &url, int hopsLeft)
{
    plainGet(url, this, [=, this](const QByteArray &answer) { onPage(url, answer, hopsLeft); });
}

void FakePerson::onPage(const QUrl &url, const QByteArray &answer, int hopsLeft)
{
    lastPage = answer;
    const QByteArray location = headerOf(answer, "location");
    if (location.isEmpty() || hopsLeft == 0) {
        Q_EMIT finished();
        return;
    }
    const QUrl next = url.resolved(QUrl::fromEncoded(location));
    if (!next.path().startsWith("/callback"_L1)) {
        visit(next, hopsLeft - 1);
        return;
    }
    callbackAddress = next;
    if (mood == Mood::StopBeforeCallback) {
        Q_EMIT finished();
        return;
    }
    comeBack(changedByMood(next));
}

void FakePerson::comeBack(const QUrl &callback)
{
    plainGet(callback, this, [=, this](const QByteArray &answer) {
        lastPage = answer;
        callbackStatuses.append(statusOf(answer));
        if (mood == Mood::Twice && callbackStatuses.size() == 1) {
            comeBack(callback);
            return;
        }
        Q_EMIT finished();
    });
}

QUrl FakePerson::changedByMood(const QUrl &callback) const
{
    mooring::http::FormFields fields =
        mooring::http::decodeForm(callback.query(QUrl::FullyEncoded).toLatin1())
            .value_or(mooring::http::FormFields());
    for (auto &[name, value] : fields) {
        if (name == "state" && mood == Mood::WrongState) {
            value[0] = value[0] == 'x' ? 'y' : 'x';
        }
        if (name == "iss" && mood == Mood::ForeignIss) {
            value = "https://evil.example";
        }
    }
    if (mood == Mood::NoIss) {
        fields.removeIf([](const auto &field) { return field.first == "iss"; });
    }
    QUrl changed = callback;
    changed.setQuery(QString::fromLatin1(mooring::http::encodeForm(fields)));
    return changed;
}

} // namespace mooring::support
