// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The real window, and servers that say a hostile text wherever they can: in descriptions, names, tools,
// accounts, refusals. All of it comes over the wire.
#include "support/hostiletexts.h"
#include "ui/adding/addserverdialog.h"
#include "ui/surfaces.h"
#include "ui/windowbed.h"

#include <QAbstractButton>
#include <QAction>
#include <QJsonDocument>
#include <QTreeWidget>

using namespace Qt::StringLiterals;
using namespace mooring;
using connections::Phase;
using support::FakeRequest;
using support::FakeResponse;
using ui::ConnectionPage;
using uitests::WindowBed;

namespace {

constexpr int patience = 8'000;
/// What fits into the address that the browser comes back to, too.
constexpr qsizetype fitting = 500;

/// A tool whose every word is hostile.
QJsonObject toolOf(const QString &text)
{
    const QJsonObject property{{u"type"_s, u"string"_s}, {u"description"_s, text}, {u"title"_s, text}};
    const QJsonObject schema{{u"type"_s, u"object"_s}, {u"properties"_s, QJsonObject{{text, property}}}};
    return {{u"name"_s, QString(u"tool "_s + text)},
            {u"title"_s, text},
            {u"description"_s, text},
            {u"inputSchema"_s, schema}};
}

/// As good as before, but for the list of tools.
void offerTools(support::FakeMcpServer *server, const QString &text)
{
    const auto good = server->http().routeOf(server->path());
    server->http().route(server->path(), [good, text](const FakeRequest &request) {
        FakeResponse answer = good(request);
        QJsonObject body = QJsonDocument::fromJson(answer.body).object();
        if (request.json()["method"_L1].toString() == "tools/list"_L1 && body.contains("result"_L1)) {
            QJsonObject result = body["result"_L1].toObject();
            result.insert(u"tools"_s, QJsonArray{toolOf(text), toolOf(text)});
            body.insert(u"result"_s, result);
            answer.body = QJsonDocument(body).toJson();
        }
        return answer;
    });
}

QJsonObject refusalOf(const QString &text)
{
    return {{u"error"_s, text}, {u"error_description"_s, text}, {u"error_uri"_s, text}, {u"message"_s, text}};
}

/// The service sends the browser back with an error.
FakeResponse sentBack(const FakeRequest &request, const QString &issuer, const QString &text)
{
    const auto query = request.queryFields();
    const QByteArray back = http::encodeForm({{"error", text.toUtf8()},
                                              {"error_description", text.toUtf8()},
                                              {"iss", issuer.toUtf8()},
                                              {"state", support::fieldOf(query, "state")}});
    return FakeResponse::redirect(support::fieldOf(query, "redirect_uri") + '?' + back);
}

} // namespace

class TstHostileServer final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void signsIn_data() { addTexts(); }
    void signsIn();
    void refuses_data() { addTexts(); }
    void refuses();
    void isLookedAt_data() { addTexts(); }
    void isLookedAt();

private:
    void addTexts() const;
    /// Signs in by the button; fails unless it ends in that phase.
    void authorize(WindowBed *bed, const std::shared_ptr<connections::Connection> &connection, bool works);
};

/// Every day one of each sort.
void TstHostileServer::addTexts() const
{
    QTest::addColumn<QString>("text");
    const bool isFull = qEnvironmentVariable("MOORING_CAMPAIGN") == "full"_L1;
    int number = 0;
    for (const support::HostileText &one : support::hostileTexts()) {
        if (isFull || ++number % 9 == 0) {
            QTest::newRow(one.name.constData()) << QString::fromUtf8(one.text.left(fitting).toUtf8());
        }
    }
}

void TstHostileServer::authorize(WindowBed *bed, const std::shared_ptr<connections::Connection> &connection,
                                 bool works)
{
    const qsizetype activityLog = connection->activityLog().activity.size();
    bed->find<QAction>(u"authorizeAction"_s)->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(connection->activityLog().activity.size() > activityLog, patience);
    QVERIFY(!works || connection->state().isSignedIn);
    QTRY_VERIFY(!bed->find<QWidget>(u"cancelSignInButton"_s)->isVisible());
    for (const auto tab :
         {ConnectionPage::ActivityTab, ConnectionPage::ReportTab, ConnectionPage::SignInTab}) {
        bed->window->view()->page()->openTab(tab);
        QCoreApplication::processEvents();
        QCOMPARE(uitests::flawOnSurfaces(bed->window.get()), QString());
    }
}

// Proves: VT-17
void TstHostileServer::signsIn()
{
    QFETCH(const QString, text);
    WindowBed bed;
    bed.bed.mcp.serverName = text;
    bed.bed.mcp.scopesSupported = {u"read"_s, text};
    bed.bed.auth.scopesSupported = {text};
    bed.bed.auth.userinfo = {{u"email"_s, text}, {u"name"_s, text}, {u"sub"_s, text}};
    bed.bed.auth.tokenOverrides = {{u"scope"_s, text}, {u"note"_s, text}};
    offerTools(&bed.bed.mcp, text);
    connections::NewConnection request;
    request.url = bed.bed.mcp.url();
    request.name = text;
    const auto added = support::await(bed.bed.list->add(std::move(request), {}));
    QVERIFY(added);
    bed.window->view()->select((*added)->id());
    bed.show();
    QTRY_COMPARE_WITH_TIMEOUT((*added)->state().phase, Phase::NotAuthorized, patience);
    // A text may be too long for what it stands in; that is said, and is an end too.
    const bool fits = text.size() < fitting;
    authorize(&bed, *added, fits);
    if (!fits) {
        return;
    }
    bed.window->view()->page()->openTab(ConnectionPage::ToolsTab);
    QTRY_VERIFY_WITH_TIMEOUT((*added)->tools().has_value(), patience);
    QTRY_COMPARE(bed.find<QTreeWidget>(u"toolsTree"_s)->topLevelItemCount(), 2);
    QCOMPARE(uitests::flawOnSurfaces(bed.window.get()), QString());
    for (const auto &name : {u"renameAction"_s, u"disconnectAction"_s, u"signInSettingsAction"_s}) {
        bed.find<QAction>(name)->trigger();
        QCoreApplication::processEvents();
        QCOMPARE(uitests::flawOnSurfaces(bed.window.get()), QString());
    }
}

// Proves: VT-17
void TstHostileServer::refuses()
{
    QFETCH(const QString, text);
    WindowBed bed;
    const auto connection = bed.bed.added(bed.bed.mcp.url());
    bed.window->view()->select(connection->id());
    bed.show();
    QTRY_COMPARE_WITH_TIMEOUT(connection->state().phase, Phase::NotAuthorized, patience);
    auto &service = bed.bed.auth.http();
    // Every time: a service is asked again with less.
    const auto registers = service.routeOf(bed.bed.auth.pathOf("register"));
    service.route(bed.bed.auth.pathOf("register"), FakeResponse::json(refusalOf(text), 400));
    bed.find<QAction>(u"authorizeAction"_s)->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(bed.find<QWidget>(u"clientGuide"_s), patience);
    auto *guide = bed.find<QWidget>(u"clientGuide"_s);
    QTRY_VERIFY_WITH_TIMEOUT(guide->isVisible(), patience);
    QCOMPARE(uitests::flawOnSurfaces(bed.window.get()), QString());
    bed.find<QAbstractButton>(u"cancelClientButton"_s)->click();
    QTRY_VERIFY_WITH_TIMEOUT(!guide->isVisible(), patience);
    service.route(bed.bed.auth.pathOf("register"), registers);
    service.once(bed.bed.auth.pathOf("token"), FakeResponse::json(refusalOf(text), 400));
    authorize(&bed, connection, false);
    const auto good = service.routeOf(bed.bed.auth.pathOf("authorize"));
    service.route(bed.bed.auth.pathOf("authorize"), [&bed, text](const FakeRequest &one) {
        return sentBack(one, bed.bed.auth.issuer(), text);
    });
    authorize(&bed, connection, false);
    service.route(bed.bed.auth.pathOf("authorize"), good);
    authorize(&bed, connection, true);
    // In use: refused with a text in the challenge, then with one in the answer.
    QByteArray quoted = text.toLatin1();
    quoted.removeIf([](char c) { return c == '\r' || c == '\n' || c == '\0' || c == '"' || c == '\\'; });
    FakeResponse forbidden = FakeResponse::json(refusalOf(text), 403);
    forbidden.headers.add("WWW-Authenticate", "Bearer error=\"insufficient_scope\", scope=\"more " + quoted
                                                  + "\", error_description=\"" + quoted + '"');
    const QJsonObject failure{{u"jsonrpc"_s, u"2.0"_s},
                              {u"id"_s, 1},
                              {u"error"_s, QJsonObject{{u"code"_s, -32000}, {u"message"_s, text}}}};
    for (const FakeResponse &answer :
         {forbidden, FakeResponse::json(failure, 200), FakeResponse::html(text.toUtf8())}) {
        bed.bed.mcp.http().route(bed.bed.mcp.path(), answer);
        bed.window->view()->page()->openTab(ConnectionPage::ToolsTab);
        Q_EMIT bed.window->view()->page()->toolsWanted();
        auto *again = bed.find<QAbstractButton>(u"toolsReloadButton"_s);
        QTRY_VERIFY_WITH_TIMEOUT(again->isVisible(), patience);
        QCOMPARE(uitests::flawOnSurfaces(bed.window.get()), QString());
    }
}

// Proves: VT-17
void TstHostileServer::isLookedAt()
{
    QFETCH(const QString, text);
    WindowBed bed;
    bed.bed.mcp.serverName = text;
    bed.bed.mcp.scopesSupported = {text};
    support::FakeMcpServer open;
    open.serverName = text;
    support::FakeServer page;
    page.route("/mcp", FakeResponse::html(text.toUtf8(), 403));
    bed.show();
    for (const QString &address :
         {bed.bed.mcp.url().toString(), open.url().toString(), page.url(u"/mcp"_s).toString()}) {
        bed.window->openAddDialog(address);
        auto *dialog = bed.find<ui::AddServerDialog>(u"addServerDialog"_s);
        auto *details = dialog->findChild<QAbstractButton *>(u"detailsButton"_s);
        auto *busy = dialog->findChild<QWidget *>(u"lookingLabel"_s);
        QTRY_VERIFY_WITH_TIMEOUT(details->isVisible() && !busy->isVisible(), patience);
        details->click();
        QCoreApplication::processEvents();
        QCOMPARE(uitests::flawOnSurfaces(bed.window.get()), QString());
        dialog->reject();
        QTRY_VERIFY(!bed.find<ui::AddServerDialog>(u"addServerDialog"_s));
    }
}

QTEST_MAIN(TstHostileServer)
#include "tst_hostileserver.moc"
