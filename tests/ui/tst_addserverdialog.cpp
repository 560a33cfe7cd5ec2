// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/adding/addserverdialog.h"
#include "ui/widgets/droppedtext.h"
#include "ui/windowbed.h"

#include <QAbstractButton>
#include <QClipboard>
#include <QComboBox>
#include <QDropEvent>
#include <QGuiApplication>
#include <QLabel>
#include <QMimeData>
#include <QScreen>
#include <QTemporaryDir>

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
    void selectsByEnterWhatIsThere();
    void offersASecondAccountOnlyWithASignIn();
    void addsSeveralInOneGo();
    void fillsInBlanks();
    void readsAPasteOfManyLines();
    void refusesAHugePaste();
    void readsWhatIsDropped();
    void dropsTheLookAtAnOlderAddress();
    void keepsToALockedKeychain();
    void keepsWhateverTheLookSaid_data();
    void keepsWhateverTheLookSaid();
    void goesOnWithoutAPkceList();
    void triesTheKeyFirst();
    void offersTheOtherDress();
    void neverSendsABlank();
    void triesTheUsualPaths();
    void saysThatAnAddressIsASecret();
    void tellsOfTheGuideBeforeItOpens();
    void showsItsReportOnThePage();
    void keepsItsButtonsOnTheScreen();
};

void TstAddServerDialog::givesEachBadInputItsSentence_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("part");
    QTest::newRow("no url") << u"not a url at all"_s << u"no address"_s;
    QTest::newRow("public http") << u"http://mcp.example.com/mcp"_s << u"without encryption"_s;
    QTest::newRow("refusing port") << u"http://127.0.0.1:1/mcp"_s << u"127.0.0.1"_s;
    QTest::newRow("program") << uR"({"mcpServers":{"a":{"command":"npx"}}})"_s << u"starts a program"_s;
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
    dialog.find<QComboBox>(u"keyKindBox"_s)->setCurrentIndex(2);
    dialog.find<QLineEdit>(u"headerNameField"_s)->setText(u"X-Api-Key"_s);
    value->setText(u"open sesame"_s);
    QVERIFY(dialog.primary()->isEnabled());
    QVERIFY2(bed.bed.list->connections().isEmpty(), "a key is tried first");
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

/// Bug B11.
void TstAddServerDialog::selectsByEnterWhatIsThere()
{
    WindowBed bed;
    const auto known = bed.bed.added(bed.bed.mcp.url());
    const Dialog dialog(&bed);
    dialog.type(bed.bed.mcp.url().toString());
    QVERIFY(dialog.find<QAbstractButton>(u"selectExistingButton"_s)->isVisible());
    QTest::keyClick(dialog.find<QLineEdit>(u"addressField"_s), Qt::Key_Return);
    QTRY_VERIFY(!bed.find<QDialog>(u"addServerDialog"_s));
    QCOMPARE(bed.window->view()->currentId(), known->id());
}

void TstAddServerDialog::offersASecondAccountOnlyWithASignIn()
{
    WindowBed bed;
    support::FakeMcpServer open;
    const auto known = bed.bed.added(open.url());
    support::await(known->check({}, {}));
    QCOMPARE(known->state().phase, connections::Phase::Open);
    const auto other = bed.bed.added(bed.bed.mcp.url());
    support::await(other->check({}, {}));
    const Dialog dialog(&bed);
    dialog.type(open.url().toString());
    QVERIFY(dialog.find<QAbstractButton>(u"selectExistingButton"_s)->isVisible());
    QVERIFY(!dialog.find<QAbstractButton>(u"secondAccountButton"_s)->isVisible());
    dialog.type(bed.bed.mcp.url().toString());
    QVERIFY(dialog.find<QAbstractButton>(u"secondAccountButton"_s)->isVisible());
}

void TstAddServerDialog::addsSeveralInOneGo()
{
    WindowBed bed;
    support::FakeMcpServer open;
    const auto known = bed.bed.added(bed.bed.mcp.url());
    support::FakeMcpServer second;
    const Dialog dialog(&bed);
    dialog.type(uR"({"mcpServers":{"dead":{"url":"http://127.0.0.1:1/mcp"},"b":{"url":"%1"},)"
                uR"("known":{"url":"%2"},"c":{"url":"%3"}}})"_s.arg(
                    open.url().toString(), bed.bed.mcp.url().toString(), second.url().toString()));
    const auto boxes = dialog.dialog->findChildren<QCheckBox *>(u"pastedServerBox"_s);
    QCOMPARE(boxes.size(), 4);
    QHash<QString, QCheckBox *> byName;
    for (QCheckBox *box : boxes) {
        byName.insert(box->text(), box);
    }
    QVERIFY2(!byName.value(u"known"_s)->isChecked(), "it is in the list already");
    QVERIFY(byName.value(u"dead"_s)->isChecked() && byName.value(u"b"_s)->isChecked());
    byName.value(u"c"_s)->setChecked(false);
    QCOMPARE(dialog.primary()->text(), u"Add 2 server(s)"_s);
    dialog.primary()->click();
    QTRY_COMPARE_WITH_TIMEOUT(dialog.primary()->text(), u"Done"_s, 20'000);
    QTRY_VERIFY_WITH_TIMEOUT(dialog.primary()->isEnabled(), 20'000);
    QCOMPARE(bed.bed.list->connections().size(), 3);
    QVERIFY(bed.bed.list->find(u"b"_s));
    QVERIFY2(bed.bed.list->find(u"dead"_s), "a server is kept whatever the look at it said");
    QStringList results;
    const auto labels = dialog.dialog->findChildren<QLabel *>(u"pastedResultLabel"_s);
    for (const QLabel *label : labels) {
        results.append(label->text());
    }
    QCOMPARE(results.filter(u"Added."_s).size(), 2);
    QVERIFY(known);
    dialog.primary()->click();
    QTRY_VERIFY(!bed.find<QDialog>(u"addServerDialog"_s));
}

void TstAddServerDialog::fillsInBlanks()
{
    WindowBed bed;
    support::FakeMcpServer keyed;
    keyed.keyHeader = "X-Api-Key";
    keyed.keyValue = "open sesame";
    keyed.challengeOverride = "-";
    const Dialog dialog(&bed);
    interop::PastedServer server;
    dialog.type(uR"({"mcpServers":{"harbour":{"url":"%1","headers":{"X-Api-Key":"${HARBOUR_KEY}"}}}})"_s.arg(
        keyed.url().toString()));
    auto *field = dialog.find<QLineEdit>(u"placeholderField"_s);
    QVERIFY(field);
    QCOMPARE(field->accessibleName(), u"HARBOUR_KEY"_s);
    QCOMPARE(field->echoMode(), QLineEdit::Password);
    QTRY_VERIFY_WITH_TIMEOUT(!keyed.http().requests().empty(), 10'000);
    QTRY_VERIFY_WITH_TIMEOUT(!dialog.find<QWidget>(u"lookingLabel"_s)->isVisible(), 10'000);
    field->setText(u"open sesame"_s);
    QTest::keyClick(field, Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(dialog.primary()->text(), u"Add"_s, 10'000);
    QTRY_VERIFY_WITH_TIMEOUT(dialog.primary()->isEnabled(), 10'000);
    dialog.primary()->click();
    QTRY_COMPARE_WITH_TIMEOUT(bed.bed.list->connections().size(), 1, 10'000);
    QTRY_COMPARE_WITH_TIMEOUT(bed.bed.list->connections().first()->state().phase, connections::Phase::ApiKey,
                              10'000);
    for (const auto &request : keyed.http().requests()) {
        QVERIFY2(!request.headers.value("X-Api-Key").contains("HARBOUR"), "a blank is never sent");
    }
}

void TstAddServerDialog::readsAPasteOfManyLines()
{
    WindowBed bed;
    support::FakeMcpServer open;
    const Dialog dialog(&bed);
    QGuiApplication::clipboard()->setText(
        u"{\n  // ours\n  \"mcpServers\": {\n    \"b\": {\"url\": \"%1\"}\n  }\n}\n"_s.arg(
            open.url().toString()));
    auto *field = dialog.find<ui::PasteField>(u"addressField"_s);
    QTest::keySequence(field, QKeySequence::Paste);
    QVERIFY2(field->whole().contains(u'\n'), "else a comment would end nowhere");
    QTRY_VERIFY_WITH_TIMEOUT(dialog.primary()->isEnabled(), 10'000);
    QCOMPARE(dialog.find<QLineEdit>(u"nameField"_s)->text(), u"b"_s);
}

void TstAddServerDialog::refusesAHugePaste()
{
    WindowBed bed;
    const Dialog dialog(&bed);
    dialog.dialog->setAddress(QString(10 * 1024 * 1024, u'x'));
    QTRY_VERIFY_WITH_TIMEOUT(!dialog.problem().isEmpty(), 10'000);
    QVERIFY(dialog.find<QLineEdit>(u"addressField"_s)->text().size() < 200);
}

void TstAddServerDialog::readsWhatIsDropped()
{
    WindowBed bed;
    support::FakeMcpServer open;
    const QTemporaryDir folder;
    const auto write = [&folder](const QString &name, const QByteArray &content) {
        QFile file(folder.filePath(name));
        if (file.open(QFile::WriteOnly)) {
            file.write(content);
        }
        return QUrl::fromLocalFile(file.fileName());
    };
    const QByteArray snippet = R"({"mcpServers":{"dropped":{"url":")" + open.url().toEncoded() + "\"}}}";
    QMimeData data;
    data.setUrls({write(u"servers.json"_s, snippet)});
    QCOMPARE(ui::textOf(data).value_or(QString()), QString::fromUtf8(snippet));
    data.setUrls({write(u"large.json"_s, QByteArray(1024 * 1024 + 1, ' '))});
    QVERIFY(ui::textOf(data).error().sentence.contains(u"too large"_s));
    data.setUrls({write(u"program.exe"_s, "MZ")});
    QVERIFY(!ui::textOf(data));
    data.setUrls({QUrl(u"https://mcp.example.com/mcp"_s)});
    data.setText(u"https://mcp.example.com/mcp"_s);
    QCOMPARE(ui::textOf(data).value_or(QString()), u"https://mcp.example.com/mcp"_s);

    bed.show();
    QMimeData dropped;
    dropped.setUrls({write(u"servers.json"_s, snippet)});
    QDragEnterEvent enter(QPoint(5, 5), Qt::CopyAction, &dropped, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(bed.window.get(), &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent drop(QPointF(5, 5), Qt::CopyAction, &dropped, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(bed.window.get(), &drop);
    auto *dialog = bed.find<ui::AddServerDialog>(u"addServerDialog"_s);
    QVERIFY(dialog);
    QTRY_COMPARE_WITH_TIMEOUT(dialog->findChild<QLineEdit *>(u"nameField"_s)->text(), u"dropped"_s, 10'000);
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

void TstAddServerDialog::keepsWhateverTheLookSaid_data()
{
    QTest::addColumn<QString>("address");
    QTest::newRow("dead port") << u"http://127.0.0.1:1/mcp"_s;
    QTest::newRow("host unknown") << u"https://nosuchhost.invalid/mcp"_s;
    QTest::newRow("web page") << u"page"_s;
    QTest::newRow("firewall") << u"wall"_s;
}

void TstAddServerDialog::keepsWhateverTheLookSaid()
{
    QFETCH(QString, address);
    WindowBed bed;
    bed.bed.mcp.http().route("/page", support::FakeResponse::html("<html>hello</html>"));
    bed.bed.mcp.http().route("/wall", support::FakeResponse::html("<html>blocked</html>", 403));
    const Dialog dialog(&bed);
    if (!address.contains(u':')) {
        address = bed.bed.mcp.http().url(u'/' + address).toString();
    }
    dialog.type(address);
    QTRY_VERIFY_WITH_TIMEOUT(dialog.secondary()->isVisible(), 30'000);
    dialog.secondary()->click();
    QTRY_COMPARE_WITH_TIMEOUT(bed.bed.list->connections().size(), 1, 10'000);
    QCOMPARE(bed.bed.list->connections().first()->record().url, QUrl(address));
}

/// The dead end of every service without the list: one question, one confirmation, and in.
void TstAddServerDialog::goesOnWithoutAPkceList()
{
    WindowBed bed;
    bed.bed.auth.metadataOverrides = {{u"code_challenge_methods_supported"_s, QJsonValue()}};
    const Dialog dialog(&bed);
    dialog.type(bed.bed.mcp.url().toString());
    auto *accept = dialog.find<QAbstractButton>(u"offerAcceptButton"_s);
    QTRY_VERIFY_WITH_TIMEOUT(accept->isVisible(), 10'000);
    QVERIFY2(dialog.secondary()->isVisible(), "it can be kept without a sign-in too");
    QVERIFY(!dialog.primary()->isVisible());
    accept->click();
    QTRY_COMPARE_WITH_TIMEOUT(bed.bed.list->connections().size(), 1, 10'000);
    const auto connection = bed.bed.list->connections().first();
    QTRY_COMPARE_WITH_TIMEOUT(connection->state().phase, connections::Phase::Authorized, 10'000);
    QVERIFY2(connection->record().settings.toleratesMissingPkce, "visible and reversible in its settings");
}

void TstAddServerDialog::triesTheKeyFirst()
{
    WindowBed bed;
    support::FakeMcpServer keyed;
    keyed.keyHeader = "Authorization";
    keyed.keyValue = "Bearer right";
    keyed.challengeOverride = "-";
    const Dialog dialog(&bed);
    dialog.type(keyed.url().toString());
    auto *value = dialog.find<QLineEdit>(u"headerValueField"_s);
    QTRY_VERIFY_WITH_TIMEOUT(value->isVisible(), 10'000);
    value->setText(u"wrong"_s);
    dialog.primary()->click();
    QTRY_VERIFY_WITH_TIMEOUT(!dialog.problem().isEmpty(), 10'000);
    QVERIFY2(bed.bed.list->connections().isEmpty(), "a key that is refused is not kept unasked");
    value->setText(u"\"Bearer Bearer right\""_s);
    QVERIFY(dialog.find<QLabel>(u"headerHintLabel"_s)->text().contains(u"twice"_s));
    QTest::keyClick(value, Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(bed.bed.list->connections().size(), 1, 10'000);
    QTRY_COMPARE_WITH_TIMEOUT(bed.bed.list->connections().first()->state().phase, connections::Phase::ApiKey,
                              10'000);
}

void TstAddServerDialog::offersTheOtherDress()
{
    WindowBed bed;
    support::FakeMcpServer keyed;
    keyed.keyHeader = "X-Api-Key";
    keyed.keyValue = "right";
    keyed.challengeOverride = "-";
    const Dialog dialog(&bed);
    dialog.type(keyed.url().toString());
    auto *value = dialog.find<QLineEdit>(u"headerValueField"_s);
    QTRY_VERIFY_WITH_TIMEOUT(value->isVisible(), 10'000);
    dialog.find<QComboBox>(u"keyKindBox"_s)->setCurrentIndex(2);
    dialog.find<QLineEdit>(u"headerNameField"_s)->setText(u"X-Api-Key"_s);
    value->setText(u"Bearer right"_s);
    dialog.primary()->click();
    auto *other = dialog.find<QAbstractButton>(u"offerAcceptButton"_s);
    QTRY_VERIFY_WITH_TIMEOUT(other->isVisible(), 10'000);
    other->click();
    QTRY_COMPARE_WITH_TIMEOUT(bed.bed.list->connections().size(), 1, 10'000);
}

void TstAddServerDialog::neverSendsABlank()
{
    ui::HeaderRows rows;
    auto *value = rows.findChild<QLineEdit *>(u"headerValueField"_s);
    for (const QString &blank : {u"${KEY}"_s, u"Bearer ${KEY}"_s, u"<your-key>"_s, u"{{key}}"_s}) {
        value->setText(blank);
        QVERIFY2(!rows.isComplete(), qPrintable(blank));
        QVERIFY(rows.findChild<QLabel *>(u"headerHintLabel"_s)->text().startsWith(u"Put what you got"_s));
    }
    value->setText(u"sk-1234"_s);
    QVERIFY(rows.isComplete());
    QCOMPARE(rows.headers().first().value.reveal(), QByteArray("Bearer sk-1234"));
    rows.findChild<QAbstractButton *>(u"addHeaderButton"_s)->click();
    QVERIFY2(rows.isComplete(), "an empty row is none");
    QCOMPARE(rows.headers().size(), 1);
}

void TstAddServerDialog::triesTheUsualPaths()
{
    WindowBed bed;
    support::FakeMcpServer open;
    const Dialog dialog(&bed);
    const QUrl bare = open.http().url(u"/"_s);
    dialog.type(bare.toString());
    QTRY_VERIFY_WITH_TIMEOUT(dialog.primary()->isEnabled() && dialog.primary()->text() == u"Add"_s, 20'000);
    QVERIFY2(dialog.find<QLabel>(u"snippetNoteLabel"_s)->text().contains(u"/mcp"_s), "it is said");
    dialog.primary()->click();
    QTRY_COMPARE_WITH_TIMEOUT(bed.bed.list->connections().size(), 1, 10'000);
    QCOMPARE(bed.bed.list->connections().first()->record().url, open.url());
}

void TstAddServerDialog::saysThatAnAddressIsASecret()
{
    WindowBed bed;
    support::FakeMcpServer open;
    const Dialog dialog(&bed);
    dialog.type(open.url().toString() + u"?api_key=tvly-0123456789abcdef0123"_s);
    QVERIFY(dialog.find<QLabel>(u"snippetNoteLabel"_s)->text().contains(u"secret"_s));
}

/// Bug B5: the guide comes next there, not the browser.
void TstAddServerDialog::tellsOfTheGuideBeforeItOpens()
{
    WindowBed bed;
    bed.bed.auth.hasRegistration = false;
    const Dialog dialog(&bed);
    dialog.type(bed.bed.mcp.url().toString());
    QTRY_VERIFY_WITH_TIMEOUT(dialog.primary()->isEnabled(), 10'000);
    const QString footer = dialog.find<QLabel>(u"footerLabel"_s)->text();
    QVERIFY2(footer.contains(u"made by hand"_s), qPrintable(footer));
    dialog.primary()->click();
    QTRY_VERIFY_WITH_TIMEOUT(bed.find<QWidget>(u"clientGuide"_s), 10'000);
}

/// Bug B1.
void TstAddServerDialog::showsItsReportOnThePage()
{
    WindowBed bed;
    support::FakeMcpServer open;
    const Dialog dialog(&bed);
    dialog.type(open.url().toString());
    QTRY_VERIFY_WITH_TIMEOUT(dialog.primary()->isEnabled(), 10'000);
    dialog.primary()->click();
    QTRY_COMPARE_WITH_TIMEOUT(bed.bed.list->connections().size(), 1, 10'000);
    QTRY_VERIFY(bed.window->view()->hasPage());
    bed.window->view()->page()->openTab(ui::ConnectionPage::ReportTab);
    auto *verdict = bed.find<QLabel>(u"reportVerdictLabel"_s);
    QTRY_VERIFY2(verdict->text() != u"Nobody has looked at this server yet."_s, qPrintable(verdict->text()));
}

/// Bug B6.
void TstAddServerDialog::keepsItsButtonsOnTheScreen()
{
    WindowBed bed;
    const Dialog dialog(&bed);
    dialog.type(bed.bed.mcp.url().toString());
    auto *details = dialog.find<QAbstractButton>(u"detailsButton"_s);
    QTRY_VERIFY_WITH_TIMEOUT(details->isVisible() && dialog.primary()->isEnabled(), 10'000);
    support::giveTimeFor(std::chrono::milliseconds(20));
    const int folded = dialog.dialog->height();
    const QRect room = dialog.dialog->screen()->availableGeometry();
    dialog.dialog->move(room.left() + 10, room.bottom() - dialog.dialog->height() - 5);
    details->click();
    QTRY_VERIFY(dialog.dialog->height() > folded);
    const QRect buttons(dialog.primary()->mapToGlobal(QPoint(0, 0)), dialog.primary()->size());
    QVERIFY(room.contains(buttons));
    details->click();
    QTRY_COMPARE(dialog.dialog->height(), folded);
}

QTEST_MAIN(TstAddServerDialog)
#include "tst_addserverdialog.moc"
