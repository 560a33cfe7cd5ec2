// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/controls.h"
#include "ui/page/connectionpage.h"
#include "ui/samples.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QPushButton>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;
using ui::ActivityRows;
using ui::ConnectionDetails;
using ui::ConnectionPage;

namespace {

ConnectionDetails sample(const QString &title)
{
    const QList<uitests::Sample> all = uitests::samples();
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const uitests::Sample &one) { return one.title == title; });
    return found == all.end() ? ConnectionDetails() : found->details;
}

QString fact(const ConnectionDetails &details, const QString &name)
{
    const QList<ui::Fact> facts = ui::factsOf(details, uitests::sampleNow());
    const auto found =
        std::find_if(facts.begin(), facts.end(), [&](const ui::Fact &one) { return one.name == name; });
    return found == facts.end() ? QString() : found->value;
}

} // namespace

class TstConnectionPage final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void tellsTheFactsOfAUsualSignIn();
    void tellsWhatIsOldAndBent();
    void tellsWhereTheClientIsFrom();
    void keepsTheEditButtonInFocus();
    void guidesThroughARegistration();
    void opensThePageThatTheServiceNames();
    void cancelsAWaitForTheKeychain();
    void catchesASlipInTheGuide();
    void staysWithTheReason();
    void unfoldsAStep();
    void bringsEarlierActivityWhenAsked();
    void copiesTheReport();
    void saysWhatIsMissingInTheReport();
    void namesEveryControl();
};

void TstConnectionPage::tellsTheFactsOfAUsualSignIn()
{
    const ConnectionDetails details = sample(u"authorized"_s);
    QCOMPARE(fact(details, u"Sign-in service"_s), u"mcp.linear.app"_s);
    QCOMPARE(fact(details, u"Account"_s), u"work"_s);
    QCOMPARE(fact(details, u"Allowed"_s), u"read, write"_s);
    QCOMPARE(fact(details, u"Access is good at"_s), u"https://mcp.linear.app/mcp"_s);
    QCOMPARE(fact(details, u"Registered as"_s), u"k3GvXz0pWq · Mooring registered by itself, 8 Nov 2026"_s);
    QCOMPARE(fact(details, u"Speaks"_s), u"newest kind, no sessions"_s);
    for (const QString &absent : {u"Asked for"_s, u"Kind of sign-in"_s, u"Rules bent"_s}) {
        QVERIFY2(fact(details, absent).isEmpty(), qPrintable(absent));
    }
}

void TstConnectionPage::tellsWhatIsOldAndBent()
{
    using Described = oauth::AuthorizationServer::Described;
    ConnectionDetails details = sample(u"old-and-bent"_s);
    QCOMPARE(fact(details, u"Asked for"_s), u"read, write, offline_access"_s);
    QCOMPARE(fact(details, u"Allowed"_s), u"read, write"_s);
    QCOMPARE(fact(details, u"Registered as"_s), u"archive-7f3a91 · typed in, 17 Nov 2026"_s);
    QCOMPARE(fact(details, u"Speaks"_s), u"old kind (HTTP+SSE, 2024)"_s);
    QCOMPARE(fact(details, u"Rules bent"_s),
             u"comes back from the browser to localhost:7777; does not name the server when signing in"_s);
    QVERIFY(fact(details, u"Kind of sign-in"_s).startsWith(u"legacy sign-in: described nowhere"_s));
    details.view.record.authorizationServer = uitests::serviceRecord(Described::AtServerOrigin);
    QVERIFY(fact(details, u"Kind of sign-in"_s).startsWith(u"legacy sign-in: the server is its own"_s));
    details.view.record.authorizationServer = uitests::serviceRecord(Described::ByResource);
    QCOMPARE(fact(details, u"Kind of sign-in"_s), u"described by the server itself"_s);
    details.view.record.authorizationServer = {};
    details.view.record.settings.way = oauth::SignInSettings::Way::ClientCredentials;
    QCOMPARE(fact(details, u"Kind of sign-in"_s), u"by itself, as an app; no browser"_s);
    details.view.record.issuer = u"https://login.example/realms/work"_s;
    QCOMPARE(fact(details, u"Sign-in service"_s), u"login.example/realms/work"_s);
}

void TstConnectionPage::tellsWhereTheClientIsFrom()
{
    ConnectionDetails details = sample(u"authorized"_s);
    details.view.registration->source = oauth::ClientRegistration::Source::MetadataDocument;
    details.view.registration->clientId = u"https://mooring.example/client.json"_s;
    QCOMPARE(fact(details, u"Registered as"_s),
             u"https://mooring.example/client.json · Mooring's own description"_s);
}

void TstConnectionPage::keepsTheEditButtonInFocus()
{
    ConnectionPage page(&uitests::sampleNow);
    page.show();
    QVERIFY(QTest::qWaitForWindowActive(&page));
    ConnectionDetails details = sample(u"authorized"_s);
    page.setDetails(details);
    auto *edit = page.findChild<QAbstractButton *>(u"editAccountButton"_s);
    edit->setFocus();
    QVERIFY(edit->hasFocus());
    int clicks = 0;
    connect(&page, &ConnectionPage::editAccountClicked, &page, [&clicks] { ++clicks; });
    page.setDetails(details);
    page.setView(details.view);
    QVERIFY2(edit->hasFocus(), "the passing of time must not take the focus away");
    QTest::keyClick(edit, Qt::Key_Space);
    QCOMPARE(clicks, 1);
}

void TstConnectionPage::guidesThroughARegistration()
{
    ConnectionPage page(&uitests::sampleNow);
    page.resize(800, 700);
    page.show();
    QVERIFY(QTest::qWaitForWindowActive(&page));
    page.setDetails(sample(u"client-needed"_s));
    QVERIFY(!page.findChild<QWidget *>(u"pageTabBar"_s)->isVisible());
    auto *open = page.findChild<QAbstractButton *>(u"openSiteButton"_s);
    QCOMPARE(open->text(), u"Open github.com"_s);
    QList<QUrl> opened;
    connect(&page, &ConnectionPage::siteRequested, &page, [&opened](const QUrl &url) { opened.append(url); });
    QTest::keyClick(open, Qt::Key_Space);
    QCOMPARE(opened, QList<QUrl>{QUrl(u"https://github.com"_s)});
    QTest::keyClick(page.findChild<QWidget *>(u"copyRedirectAddressButton"_s), Qt::Key_Space);
    QCOMPARE(QGuiApplication::clipboard()->text(), u"http://127.0.0.1:43917/callback"_s);

    QList<connections::ClientCredentials> entered;
    connect(&page, &ConnectionPage::clientEntered, &page,
            [&entered](const connections::ClientCredentials &client) { entered.append(client); });
    auto *id = page.findChild<QLineEdit *>(u"clientIdField"_s);
    id->setFocus();
    QTest::keyClicks(id, u" my-app "_s);
    QTest::keyClick(id, Qt::Key_Tab);
    QTest::keyClicks(QApplication::focusWidget(), u"hush"_s);
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return);
    QCOMPARE(entered.size(), 1);
    QCOMPARE(entered.first().clientId, u"my-app"_s);
    QCOMPARE(entered.first().clientSecret.reveal(), QByteArray("hush"));
    QVERIFY2(page.findChild<QLineEdit *>(u"clientSecretField"_s)->text().isEmpty(),
             "a secret stays in no field");
    page.setDetails(sample(u"authorized"_s));
    QVERIFY(!page.findChild<QWidget *>(u"clientGuide"_s)->isVisible());
    QVERIFY(page.findChild<QWidget *>(u"pageTabBar"_s)->isVisible());
}

/// Bug B4: it opened the root of the site, which may be nothing.
void TstConnectionPage::opensThePageThatTheServiceNames()
{
    ConnectionPage page(&uitests::sampleNow);
    page.show();
    ConnectionDetails details = sample(u"client-needed"_s);
    details.clientNeeded->documentation = QUrl(u"https://docs.github.com/apps"_s);
    page.setDetails(details);
    auto *open = page.findChild<QAbstractButton *>(u"openSiteButton"_s);
    QCOMPARE(open->text(), u"Open docs.github.com"_s);
    QList<QUrl> opened;
    connect(&page, &ConnectionPage::siteRequested, &page, [&opened](const QUrl &url) { opened.append(url); });
    open->click();
    QCOMPARE(opened, QList<QUrl>{QUrl(u"https://docs.github.com/apps"_s)});
}

/// Bug B7.
void TstConnectionPage::cancelsAWaitForTheKeychain()
{
    ConnectionPage page(&uitests::sampleNow);
    page.resize(800, 700);
    page.show();
    ConnectionDetails details = sample(u"keychain"_s);
    details.view.state.isWaitingForKeychain = true;
    page.setDetails(details);
    auto *button = page.findChild<QAbstractButton *>(u"stateActionButton"_s);
    QVERIFY(button->isVisible());
    QCOMPARE(button->text(), u"Cancel"_s);
    QList<text::Action> chosen;
    connect(&page, &ConnectionPage::actionClicked, &page,
            [&chosen](text::Action action) { chosen.append(action); });
    button->click();
    QCOMPARE(chosen, QList<text::Action>{text::Action::Cancel});
    details.isSigningIn = true;
    page.setDetails(details);
    QVERIFY2(!button->isVisible(), "then the panel below has one");
    QVERIFY(page.findChild<QAbstractButton *>(u"cancelSignInButton"_s)->isVisible());
}

void TstConnectionPage::catchesASlipInTheGuide()
{
    ConnectionPage page(&uitests::sampleNow);
    page.show();
    page.setDetails(sample(u"client-needed"_s));
    int entered = 0;
    connect(&page, &ConnectionPage::clientEntered, &page, [&entered] { ++entered; });
    auto *go = page.findChild<QAbstractButton *>(u"continueWithClientButton"_s);
    auto *problem = page.findChild<QLabel *>(u"clientIdProblemLabel"_s);
    QTest::keyClick(go, Qt::Key_Space);
    QVERIFY(problem->isVisible());
    page.findChild<QLineEdit *>(u"clientIdField"_s)->setText(u"GOCSPX-123"_s);
    QVERIFY(!problem->isVisible());
    QTest::keyClick(go, Qt::Key_Space);
    QVERIFY2(problem->text().contains(u"looks like the secret"_s), qPrintable(problem->text()));
    QCOMPARE(entered, 0);
}

void TstConnectionPage::staysWithTheReason()
{
    ConnectionPage page(&uitests::sampleNow);
    page.show();
    ConnectionDetails details = sample(u"client-refused"_s);
    const QString problem = std::exchange(details.clientProblem, QString());
    page.setDetails(details);
    auto *id = page.findChild<QLineEdit *>(u"clientIdField"_s);
    auto *reason = page.findChild<QLabel *>(u"clientRefusedLabel"_s);
    QVERIFY(!reason->isVisible());
    id->setText(u"my-app"_s);
    QTest::keyClick(id, Qt::Key_Return);
    details.clientProblem = problem;
    page.setDetails(details);
    QVERIFY(reason->isVisible());
    QCOMPARE(reason->text(), problem);
    QCOMPARE(id->text(), u"my-app"_s);
    details.clientNeeded->issuer = u"https://another.example"_s;
    details.clientProblem.clear();
    page.setDetails(details);
    QVERIFY2(id->text().isEmpty(), "another service knows nothing of that app");
    QVERIFY(!reason->isVisible());
}

void TstConnectionPage::unfoldsAStep()
{
    ConnectionPage page(&uitests::sampleNow);
    page.resize(800, 700);
    page.show();
    ConnectionDetails details = sample(u"authorized"_s);
    page.setDetails(details);
    page.openTab(ConnectionPage::ReportTab);
    QCOMPARE(page.findChild<QLabel *>(u"reportVerdictLabel"_s)->text(),
             u"This is an MCP server that wants you to sign in."_s);
    const auto folds = page.findChildren<QToolButton *>(u"stepDetailsButton"_s);
    QCOMPARE(folds.size(), 3);
    const auto isShown = [&page](const QString &text) {
        const QList<QLabel *> labels = page.findChildren<QLabel *>();
        return std::any_of(labels.begin(), labels.end(), [&](const QLabel *label) {
            return label->isVisible() && label->text().contains(text);
        });
    };
    QTRY_VERIFY(isShown(u"Asked mcp.linear.app whether it is an MCP server"_s));
    QVERIFY(!isShown(u"POST mcp.linear.app/mcp · 401"_s));
    QTest::keyClick(folds.first(), Qt::Key_Space);
    QTRY_VERIFY(isShown(u"POST mcp.linear.app/mcp · 401"_s));
    page.setDetails(details);
    QVERIFY2(isShown(u"POST mcp.linear.app/mcp · 401"_s), "it was unfolded to be read");
    QCOMPARE(uitests::accessibleNameOf(folds.first()), u"Details of step 1"_s);
}

/// Hundreds of lines at once would hold the window up.
void TstConnectionPage::bringsEarlierActivityWhenAsked()
{
    constexpr qsizetype all = 100;
    ConnectionDetails details = sample(u"authorized"_s);
    details.activity.clear();
    for (int i = 0; i < all; ++i) {
        details.activity.append({uitests::sampleNow().addSecs(-60 * i), u"line %1"_s.arg(i)});
    }
    ActivityRows rows;
    rows.setEntries(details.activity, uitests::sampleNow());
    auto *earlier = rows.findChild<QPushButton *>(u"earlierActivityButton"_s);
    QCOMPARE(rows.shown(), ActivityRows::pageSize);
    QVERIFY(!earlier->isHidden());
    earlier->click();
    QCOMPARE(rows.shown(), 2 * ActivityRows::pageSize);
    // What has been brought stays when something happens, and a list of another connection begins anew.
    details.activity.prepend({uitests::sampleNow().addSecs(5), u"new"_s});
    rows.setEntries(details.activity, uitests::sampleNow());
    QCOMPARE(rows.shown(), 2 * ActivityRows::pageSize);
    earlier->click();
    QCOMPARE(rows.shown(), all + 1);
    QVERIFY(earlier->isHidden());
    rows.setEntries(QList<connections::ActivityEntry>(all, {uitests::sampleNow(), u"other"_s}),
                    uitests::sampleNow());
    QCOMPARE(rows.shown(), ActivityRows::pageSize);
    rows.setEntries({}, uitests::sampleNow());
    QCOMPARE(rows.shown(), 0);
    QVERIFY(earlier->isHidden());
}

void TstConnectionPage::copiesTheReport()
{
    ConnectionPage page(&uitests::sampleNow);
    page.show();
    ConnectionDetails details = sample(u"old-and-bent"_s);
    details.view.record.url = QUrl(u"https://archive.example/sse?key=canary"_s);
    page.setDetails(details);
    page.openTab(ConnectionPage::ReportTab);
    QTest::keyClick(page.findChild<QWidget *>(u"copyReportButton"_s), Qt::Key_Space);
    const QString text = QGuiApplication::clipboard()->text();
    QVERIFY2(text.startsWith(u"## Probe report of archive.example\n"_s), qPrintable(text));
    QVERIFY(text.contains(u"Rules bent: comes back from the browser to localhost:7777"_s));
    QVERIFY(!text.contains(u"canary"_s));
    QVERIFY(!text.contains(u"sam@example.com"_s));
}

void TstConnectionPage::saysWhatIsMissingInTheReport()
{
    ConnectionPage page(&uitests::sampleNow);
    page.show();
    ConnectionDetails details = sample(u"not-authorized"_s);
    details.report.reset();
    page.setDetails(details);
    page.openTab(ConnectionPage::ReportTab);
    QCOMPARE(page.findChild<QLabel *>(u"reportVerdictLabel"_s)->text(),
             u"Nobody has looked at this server yet."_s);
    QVERIFY(!page.findChild<QWidget *>(u"copyReportButton"_s)->isVisible());
}

void TstConnectionPage::namesEveryControl()
{
    ConnectionPage page(&uitests::sampleNow);
    page.resize(900, 700);
    page.show();
    const QList<uitests::Sample> all = uitests::samples();
    for (const uitests::Sample &one : all) {
        page.setDetails(one.details);
        for (const auto tab : {ConnectionPage::SignInTab, ConnectionPage::ReportTab}) {
            page.openTab(tab);
            QCOMPARE(uitests::controlsWithoutName(&page), QStringList());
        }
    }
}

QTEST_MAIN(TstConnectionPage)
#include "tst_connectionpage.moc"
