// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/addserverdialog.h"
#include "ui/windowbed.h"

#include <QAbstractButton>
#include <QLabel>

using namespace Qt::StringLiterals;
using namespace mooring;
using uitests::WindowBed;

namespace {

struct Dialog {
    explicit Dialog(WindowBed *bed)
    {
        bed->show();
        bed->window->openAddDialog();
        dialog = bed->find<ui::AddServerDialog>(u"addServerDialog"_s);
    }

    template <typename T>
    T *find(const QString &name) const
    {
        return dialog->findChild<T *>(name);
    }
    void type(const QString &text) const { find<QLineEdit>(u"addressField"_s)->setText(text); }
    QString problem() const
    {
        const auto *label = find<QLabel>(u"problemLabel"_s);
        return label->isVisible() ? label->text() : QString();
    }
    QAbstractButton *primary() const { return find<QAbstractButton>(u"authorizeButton"_s); }
    QAbstractButton *secondary() const { return find<QAbstractButton>(u"addOnlyButton"_s); }

    ui::AddServerDialog *dialog = nullptr;
};

} // namespace

class TstAddServerDialog final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void givesEachBadInputItsSentence_data();
    void givesEachBadInputItsSentence();
    void offersAuthorizeAfterTheLook();
    void addsAnOpenServer();
    void addsWithAKey();
    void addsWithoutSigningIn();
    void tellsWhatIsThereAlready();
    void takesUrlAndHeaderFromASnippet();
    void letsChooseAmongSeveral();
    void dropsTheLookAtAnOlderAddress();
    void keepsToALockedKeychain();
};

void TstAddServerDialog::givesEachBadInputItsSentence_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("part");
    QTest::newRow("no url") << u"not a url at all"_s << u"not a web address"_s;
    QTest::newRow("public http") << u"http://mcp.example.com/mcp"_s << u"without encryption"_s;
    QTest::newRow("refusing port") << u"http://127.0.0.1:1/mcp"_s << u"127.0.0.1"_s;
    QTest::newRow("program") << uR"({"mcpServers":{"a":{"command":"npx"}}})"_s << u"starts a program"_s;
    QTest::newRow("half a snippet") << uR"({"mcpServers":{"a":{)"_s << u"not complete"_s;
    QTest::newRow("web page") << u"page"_s << u"no MCP server"_s;
}

void TstAddServerDialog::givesEachBadInputItsSentence()
{
    QFETCH(const QString, text);
    QFETCH(const QString, part);
    WindowBed bed;
    bed.bed.mcp.http().route("/page", support::FakeResponse::html("<html>hello</html>"));
    const Dialog dialog(&bed);
    dialog.type(text == "page"_L1 ? bed.bed.mcp.http().url(u"/page"_s).toString() : text);
    QTRY_VERIFY2_WITH_TIMEOUT(dialog.problem().contains(part), qPrintable(dialog.problem()), 15'000);
    QVERIFY(bed.bed.list->connections().isEmpty());
    dialog.type({});
    QCOMPARE(dialog.problem(), QString());
}

void TstAddServerDialog::offersAuthorizeAfterTheLook()
{
    WindowBed bed;
    const Dialog dialog(&bed);
    QVERIFY(!dialog.primary()->isEnabled());
    dialog.type(bed.bed.mcp.url().toString());
    QTRY_VERIFY_WITH_TIMEOUT(dialog.primary()->isEnabled(), 10'000);
    QCOMPARE(dialog.primary()->text(), u"Authorize"_s);
    QVERIFY(dialog.find<QAbstractButton>(u"detailsButton"_s)->isVisible());
    QVERIFY2(bed.bed.person.opened.isEmpty(), "a browser opens by a click only");
    dialog.primary()->click();
    QTRY_COMPARE_WITH_TIMEOUT(bed.bed.person.opened.size(), 1, 10'000);
    QTRY_VERIFY(!bed.find<QDialog>(u"addServerDialog"_s));
    QTRY_COMPARE_WITH_TIMEOUT(bed.bed.list->connections().first()->state().phase,
                              connections::Phase::Authorized, 10'000);
}

void TstAddServerDialog::addsAnOpenServer()
{
    WindowBed bed;
    support::FakeMcpServer open;
    const Dialog dialog(&bed);
    dialog.type(open.url().toString());
    QTRY_VERIFY_WITH_TIMEOUT(dialog.primary()->isEnabled(), 10'000);
    QCOMPARE(dialog.primary()->text(), u"Add"_s);
    dialog.find<QLineEdit>(u"nameField"_s)->setText(u"Open one"_s);
    dialog.primary()->click();
    QTRY_COMPARE_WITH_TIMEOUT(bed.bed.list->connections().size(), 1, 10'000);
    QCOMPARE(bed.bed.list->connections().first()->record().name, u"Open one"_s);
    QCOMPARE(bed.bed.list->connections().first()->state().phase, connections::Phase::Open);
}

void TstAddServerDialog::addsWithAKey()
{
    WindowBed bed;
    support::FakeMcpServer keyed;
    keyed.keyHeader = "X-Api-Key";
    keyed.keyValue = "open sesame";
    keyed.challengeOverride = "-";
    const Dialog dialog(&bed);
    dialog.type(keyed.url().toString());
    auto *value = dialog.find<QLineEdit>(u"headerValueField"_s);
    QTRY_VERIFY_WITH_TIMEOUT(value->isVisible(), 10'000);
    QCOMPARE(value->echoMode(), QLineEdit::Password);
    QVERIFY(!dialog.primary()->isEnabled());
    dialog.find<QLineEdit>(u"headerNameField"_s)->setText(u"X-Api-Key"_s);
    value->setText(u"open sesame"_s);
    QVERIFY(dialog.primary()->isEnabled());
    dialog.primary()->click();
    QTRY_COMPARE_WITH_TIMEOUT(bed.bed.list->connections().size(), 1, 10'000);
    QTRY_COMPARE_WITH_TIMEOUT(bed.bed.list->connections().first()->state().phase, connections::Phase::ApiKey,
                              10'000);
}

void TstAddServerDialog::addsWithoutSigningIn()
{
    WindowBed bed;
    const Dialog dialog(&bed);
    dialog.type(bed.bed.mcp.url().toString());
    QTRY_VERIFY_WITH_TIMEOUT(dialog.secondary()->isVisible(), 10'000);
    dialog.secondary()->click();
    QTRY_COMPARE_WITH_TIMEOUT(bed.bed.list->connections().size(), 1, 10'000);
    QCOMPARE(bed.bed.list->connections().first()->state().phase, connections::Phase::NotAuthorized);
    QVERIFY(bed.bed.person.opened.isEmpty());
}

void TstAddServerDialog::tellsWhatIsThereAlready()
{
    WindowBed bed;
    const auto known = bed.bed.added(bed.bed.mcp.url());
    const Dialog dialog(&bed);
    dialog.type(bed.bed.mcp.url().toString());
    auto *select = dialog.find<QAbstractButton>(u"selectExistingButton"_s);
    QVERIFY(select->isVisible());
    dialog.find<QAbstractButton>(u"secondAccountButton"_s)->click();
    QTRY_VERIFY_WITH_TIMEOUT(dialog.primary()->isEnabled(), 10'000);
    QVERIFY(!select->isVisible());
    dialog.type({});
    dialog.type(bed.bed.mcp.url().toString());
    QVERIFY(select->isVisible());
    select->click();
    QCOMPARE(bed.window->view()->currentId(), known->id());
    QCOMPARE(bed.bed.list->connections().size(), 1);
}

void TstAddServerDialog::takesUrlAndHeaderFromASnippet()
{
    WindowBed bed;
    support::FakeMcpServer keyed;
    keyed.keyHeader = "X-Api-Key";
    keyed.keyValue = "open sesame";
    const Dialog dialog(&bed);
    dialog.type(uR"({"mcpServers":{"harbour":{"url":"%1","headers":{"X-Api-Key":"open sesame"}}}})"_s.arg(
        keyed.url().toString()));
    QTRY_VERIFY_WITH_TIMEOUT(dialog.primary()->isEnabled(), 10'000);
    QCOMPARE(dialog.find<QLineEdit>(u"nameField"_s)->text(), u"harbour"_s);
    dialog.primary()->click();
    QTRY_COMPARE_WITH_TIMEOUT(bed.bed.list->connections().size(), 1, 10'000);
    QTRY_COMPARE(bed.bed.list->connections().first()->record().headerName, u"X-Api-Key"_s);
    QVERIFY2(!bed.bed.everythingOnDisk().contains("sesame"), "a key is kept in the keychain only");
}

void TstAddServerDialog::letsChooseAmongSeveral()
{
    WindowBed bed;
    support::FakeMcpServer open;
    const Dialog dialog(&bed);
    dialog.type(uR"({"mcpServers":{"a":{"url":"http://127.0.0.1:1/mcp"},"b":{"url":"%1"}}})"_s.arg(
        open.url().toString()));
    auto *choice = dialog.find<QComboBox>(u"snippetChoiceBox"_s);
    QVERIFY(choice->isVisible());
    QCOMPARE(choice->count(), 2);
    choice->setCurrentIndex(1);
    Q_EMIT choice->activated(1);
    QTRY_VERIFY_WITH_TIMEOUT(dialog.primary()->isEnabled(), 10'000);
    QCOMPARE(dialog.primary()->text(), u"Add"_s);
    QCOMPARE(dialog.find<QLineEdit>(u"nameField"_s)->text(), u"b"_s);
}

void TstAddServerDialog::dropsTheLookAtAnOlderAddress()
{
    WindowBed bed;
    support::FakeServer silent;
    silent.setFallback([](const support::FakeRequest &) { return support::FakeResponse::silence(); });
    support::FakeMcpServer open;
    const Dialog dialog(&bed);
    dialog.type(silent.url(u"/mcp"_s).toString());
    QTRY_VERIFY_WITH_TIMEOUT(!silent.requests().empty(), 10'000);
    dialog.type(open.url().toString());
    QTRY_VERIFY_WITH_TIMEOUT(dialog.primary()->isEnabled(), 10'000);
    QCOMPARE(dialog.primary()->text(), u"Add"_s);
    QCOMPARE(dialog.problem(), QString());
}

void TstAddServerDialog::keepsToALockedKeychain()
{
    WindowBed bed;
    bed.bed.secrets.setLocked(true);
    const Dialog dialog(&bed);
    dialog.type(bed.bed.mcp.url().toString());
    QTRY_VERIFY_WITH_TIMEOUT(dialog.primary()->isVisible() && dialog.secondary()->isVisible(), 10'000);
    // A locked keychain can be unlocked: that is no reason to do without it.
    QVERIFY(!dialog.find<QCheckBox>(u"windowOnlyBox"_s)->isVisible());
}

QTEST_MAIN(TstAddServerDialog)
#include "tst_addserverdialog.moc"
