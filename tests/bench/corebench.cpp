// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the core costs, beside a plain measure taken in the same run. Prints one JSON object a line.
#include "oauth/tokenset.h"
#include "support/testbed.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QJsonDocument>
#include <QLoggingCategory>
#include <QNetworkAccessManager>
#include <QNetworkReply>

#include <algorithm>
#include <cstdio>

using namespace Qt::StringLiterals;
using namespace mooring;
using connections::Connection;
using support::await;
using support::Testbed;

namespace {

void tell(const QJsonObject &figures)
{
    std::printf("%s\n", QJsonDocument(figures).toJson(QJsonDocument::Compact).constData());
    std::fflush(stdout);
}

double medianOf(QList<double> values)
{
    std::sort(values.begin(), values.end());
    return values.at(values.size() / 2);
}

/// Nanoseconds per call.
base::Task<double> timeAccessToken(std::shared_ptr<Connection> connection, int calls)
{
    QElapsedTimer time;
    time.start();
    for (int i = 0; i < calls; ++i) {
        const base::Result<connections::AccessToken> token = co_await connection->accessToken({});
        if (!token) {
            qFatal("no token: %s", qPrintable(token.error().sentence));
        }
    }
    co_return static_cast<double>(time.nsecsElapsed()) / calls;
}

/// The least that has to be done: look at the clock, compare, hand out a copy.
double timePlainLook(const connections::AccessToken &token, int calls)
{
    QElapsedTimer time;
    time.start();
    qsizetype length = 0;
    for (int i = 0; i < calls; ++i) {
        const QDateTime now = QDateTime::currentDateTimeUtc();
        if (oauth::isFresh(token.facts.issuedAt, token.facts.expiresAt, now)) {
            const connections::AccessToken copy = token;
            length += copy.token.reveal().size();
        }
    }
    const double nanoseconds = static_cast<double>(time.nsecsElapsed()) / calls;
    if (length != token.facts.length * calls) {
        qFatal("the token was not fresh");
    }
    return nanoseconds;
}

/// One request over a bare QNetworkAccessManager.
int sendPlainly(QNetworkAccessManager *manager, const QUrl &url, const support::FakeRequest &like)
{
    QNetworkRequest request(url);
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    for (const char *name : {"Content-Type", "Accept", "Authorization", "Mcp-Method", "Mcp-Name",
                             "MCP-Protocol-Version", "Mcp-Session-Id"}) {
        if (const QByteArray value = like.headers.value(name); !value.isEmpty()) {
            request.setRawHeader(name, value);
        }
    }
    const std::unique_ptr<QNetworkReply> reply(manager->sendCustomRequest(request, like.method, like.body));
    QEventLoop loop;
    QObject::connect(reply.get(), &QNetworkReply::finished, &loop, &QEventLoop::quit);
    loop.exec();
    return reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
}

void benchAccessToken()
{
    Testbed bed;
    const std::shared_ptr<Connection> connection = bed.signedIn();
    const base::Result<connections::AccessToken> token = await(connection->accessToken({}));
    if (!token) {
        qFatal("no token: %s", qPrintable(token.error().sentence));
    }
    QNetworkAccessManager manager;
    const support::FakeRequest get{"GET", {}, {}, {}, 0};
    QList<double> ours, plain, http;
    for (int round = 0; round < 11; ++round) {
        ours.append(await(timeAccessToken(connection, 5000)));
        plain.append(timePlainLook(*token, 5000));
        QElapsedTimer time;
        time.start();
        for (int i = 0; i < 20; ++i) {
            sendPlainly(&manager, bed.mcp.metadataUrl(), get);
        }
        http.append(static_cast<double>(time.nsecsElapsed()) / 20);
    }
    tell({{u"bench"_s, u"accessToken"_s},
          {u"ours"_s, medianOf(ours)},
          {u"plain"_s, medianOf(plain)},
          {u"http"_s, medianOf(http)},
          {u"tokenRequests"_s, bed.auth.refreshes()}});
}

struct SignIn {
    double total = 0;
    double servers = 0;
    QStringList requests;
};

/// From the probe to the tools; then the very same requests once more from a bare client, which is
/// the time that the servers and the loopback take.
SignIn signIn(bool isStateless)
{
    Testbed bed;
    bed.mcp.speaksStateless = isStateless;
    const std::shared_ptr<Connection> connection = bed.added(bed.mcp.url());
    SignIn result;
    QElapsedTimer time;
    time.start();
    await(connection->check({}, {}));
    const base::Result<void> authorized = await(connection->authorize({}, {}));
    const base::Result<QList<mcp::Tool>> tools = await(connection->listTools({}));
    result.total = static_cast<double>(time.nsecsElapsed()) / 1e6;
    if (!authorized || !tools) {
        qFatal("the sign-in has failed");
    }
    const std::vector<support::FakeRequest> atServer = bed.mcp.http().requests();
    const std::vector<support::FakeRequest> atIssuer = bed.auth.http().requests();
    QNetworkAccessManager manager;
    // What is done once per process by the first request is not the servers' time.
    sendPlainly(&manager, bed.mcp.metadataUrl(), {"GET", {}, {}, {}, 0});
    sendPlainly(&manager, bed.auth.endpoint("nothing"), {"GET", {}, {}, {}, 0});
    time.start();
    for (const support::FakeRequest &request : atServer) {
        sendPlainly(&manager, QUrl(bed.mcp.http().origin() + QString::fromLatin1(request.target)), request);
        result.requests.append(QString::fromLatin1(request.method + ' ' + request.path()));
    }
    for (const support::FakeRequest &request : atIssuer) {
        sendPlainly(&manager, QUrl(bed.auth.http().origin() + QString::fromLatin1(request.target)), request);
        result.requests.append(QString::fromLatin1(request.method + ' ' + request.path()));
    }
    result.servers = static_cast<double>(time.nsecsElapsed()) / 1e6;
    return result;
}

void benchSignIn(bool isStateless)
{
    QList<double> total, servers, ours;
    QStringList requests;
    for (int round = 0; round < 11; ++round) {
        const SignIn one = signIn(isStateless);
        total.append(one.total);
        servers.append(one.servers);
        ours.append(one.total - one.servers);
        requests = one.requests;
    }
    tell({{u"bench"_s, isStateless ? u"signIn, stateless server"_s : u"signIn, session server"_s},
          {u"total"_s, medianOf(total)},
          {u"servers"_s, medianOf(servers)},
          {u"ours"_s, medianOf(ours)},
          // The browser's visit of the authorization page is the person's, not Mooring's.
          {u"requests"_s, requests.size() - requests.filter(u"/authorize"_s).size()},
          {u"list"_s, requests.join(u", "_s)}});
}

} // namespace

int main(int argc, char *argv[])
{
    QLoggingCategory::setFilterRules(u"mooring.*=false"_s);
    const QCoreApplication app(argc, argv);
    benchAccessToken();
    benchSignIn(true);
    benchSignIn(false);
    return 0;
}
