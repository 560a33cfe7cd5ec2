// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/adding/addserverdialog.h"
#include "ui/controls.h"
#include "ui/windowbed.h"

#include <QAbstractButton>
#include <QAction>
#include <QClipboard>
#include <QMessageBox>
#include <QSignalSpy>

using namespace Qt::StringLiterals;
using namespace mooring;
using connections::Phase;
using uitests::controlsWithoutName;
using uitests::WindowBed;

class TstMainWindow final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void saysWhatToDoWhenEmpty_data();
    void saysWhatToDoWhenEmpty();
    void hintsAtTheDemoServers();
    void livesTheMainJobByKeyboardOnly();
    void asksOnceBeforeDisconnecting();
    void forgetsWhatAServiceCouldNotBeTold();
    void tellsWhatARemovedServerIsStillToBeTold();
    void removesAndRenames();
    void unlocksBeforeASignInIsLeftBehind();
    void tellsWhatTheKeychainAsks();
    void forgetsTroubleThatIsOver();
    void reachesForNothingBeforeItIsSeen();
    void loadsToolsWhenTheirTabIsOpened();
    void asksForAClientInPlace();
    void takesTurnsWhenNarrow();
    void remembersGeometryAndSelection();
    void namesEveryControl();
    void isSilentWhileHidden();
    void warnsOnceBeforeARenewedSignInIsLost();
};

void TstMainWindow::saysWhatToDoWhenEmpty_data()
{
    QTest::addColumn<Qt::Key>("key");
    QTest::newRow("space") << Qt::Key_Space;
    QTest::newRow("Enter") << Qt::Key_Return;
    QTest::newRow("Enter of the number pad") << Qt::Key_Enter;
}

void TstMainWindow::saysWhatToDoWhenEmpty()
{
    QFETCH(const Qt::Key, key);
    WindowBed bed;
    bed.show();
    auto *add = bed.find<QAbstractButton>(u"emptyStateAddButton"_s);
    QVERIFY(add && add->isVisible());
    QVERIFY(!bed.find<QWidget>(u"demoHintCard"_s));
    QTRY_VERIFY(add->hasFocus());
    QTest::keyClick(add, key);
    QVERIFY(bed.find<ui::AddServerDialog>(u"addServerDialog"_s));
}

void TstMainWindow::hintsAtTheDemoServers()
{
    WindowBed bed(*storage::Profile::fromName(u"demo"_s));
    bed.show();
    const auto buttons =
        bed.find<QWidget>(u"emptyState"_s)->findChildren<QAbstractButton *>(u"demoServerButton"_s);
    QCOMPARE(buttons.size(), ui::demoServers().size());
    buttons.first()->click();
    auto *dialog = bed.find<ui::AddServerDialog>(u"addServerDialog"_s);
    QVERIFY(dialog);
    QCOMPARE(dialog->findChild<QLineEdit *>(u"addressField"_s)->text(), ui::demoServers().first().address);
}

void TstMainWindow::livesTheMainJobByKeyboardOnly()
{
    WindowBed bed;
    bed.show();
    QTest::keyClick(bed.window.get(), Qt::Key_N, Qt::ControlModifier);
    auto *dialog = bed.find<ui::AddServerDialog>(u"addServerDialog"_s);
    QVERIFY(dialog);
    auto *address = dialog->findChild<QLineEdit *>(u"addressField"_s);
    QTRY_VERIFY(address->hasFocus());
    QGuiApplication::clipboard()->setText(bed.bed.mcp.url().toString());
    QTest::keyClick(address, Qt::Key_V, Qt::ControlModifier);
    QCOMPARE(address->text(), bed.bed.mcp.url().toString());
    // Enter may come before the look at the server is over.
    QTest::keyClick(address, Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(bed.bed.list->connections().size(), 1, 15'000);
    const auto connection = bed.bed.list->connections().first();
    QTRY_COMPARE_WITH_TIMEOUT(connection->state().phase, Phase::Authorized, 15'000);
    QCOMPARE(bed.bed.person.opened.size(), 1);
    QCOMPARE(bed.window->view()->currentId(), connection->id());
    QTRY_VERIFY(bed.find<QLabel>(u"headlineLabel"_s)->text().startsWith(u"Authorized"_s));
}

void TstMainWindow::asksOnceBeforeDisconnecting()
{
    WindowBed bed;
    const auto connection = bed.bed.signedIn();
    bed.window->view()->select(connection->id());
    bed.show();
    QTRY_VERIFY(bed.find<QAbstractButton>(u"stateActionButton"_s));
    auto *button = bed.find<QAbstractButton>(u"stateActionButton"_s);
    QTRY_VERIFY(button->isVisible() && button->text().contains(u"Disconnect"_s));
    button->click();
    auto *question = bed.find<QDialog>(u"disconnectConfirmation"_s);
    QVERIFY(question);
    question->reject();
    QCOMPARE(bed.bed.auth.revocations(), 0);
    QTRY_VERIFY(!bed.find<QDialog>(u"disconnectConfirmation"_s));
    button->click();
    bed.find<QDialog>(u"disconnectConfirmation"_s)->findChild<QAbstractButton *>(u"confirmButton"_s)->click();
    QTRY_COMPARE_WITH_TIMEOUT(connection->state().phase, Phase::NotAuthorized, 10'000);
    QCOMPARE(bed.bed.auth.revocations(), 2);
    QTRY_VERIFY(!bed.window->view()->messages()->isEmpty());
}

void TstMainWindow::forgetsWhatAServiceCouldNotBeTold()
{
    WindowBed bed;
    const auto connection = bed.bed.signedIn();
    bed.window->view()->select(connection->id());
    bed.show();
    bed.bed.auth.http().route("/revoke", support::FakeResponse::empty(503));
    QTRY_VERIFY(bed.find<QLabel>(u"offerLabel"_s));
    QVERIFY(bed.find<QAction>(u"disconnectAction"_s)->isEnabled());
    bed.find<QAction>(u"disconnectAction"_s)->trigger();
    bed.find<QDialog>(u"disconnectConfirmation"_s)->findChild<QAbstractButton *>(u"confirmButton"_s)->click();
    auto *label = bed.find<QLabel>(u"offerLabel"_s);
    QTRY_VERIFY(label->isVisible());
    QVERIFY2(label->text().contains(u"could not be told yet; trying until tomorrow"_s),
             qPrintable(label->text()));
    QCOMPARE(connection->state().phase, Phase::NotAuthorized);
    // The message says the same, with the same way out.
    auto *action = bed.find<QAbstractButton>(u"messageActionButton"_s);
    QTRY_VERIFY(action->isVisible());
    QCOMPARE(action->text(), u"Forget now"_s);
    bed.find<QAbstractButton>(u"offerAcceptButton"_s)->click();
    QTRY_VERIFY(!label->isVisible());
    QVERIFY(bed.bed.list->revocations().all().isEmpty());
    QVERIFY(bed.bed.secrets.keys().isEmpty());
    QTRY_VERIFY(bed.find<QLabel>(u"messageLabel"_s)->text().startsWith(u"Forgotten here."_s));
}

void TstMainWindow::tellsWhatARemovedServerIsStillToBeTold()
{
    WindowBed bed;
    const auto connection = bed.bed.signedIn();
    const support::FakeServer::Handler good = bed.bed.auth.http().routeOf("/revoke");
    bed.bed.auth.http().route("/revoke", support::FakeResponse::empty(503));
    QVERIFY(support::await(bed.bed.list->remove(connection->id(), false, {})));
    bed.show();
    auto *label = bed.find<QLabel>(u"messageLabel"_s);
    QTRY_VERIFY(label->isVisible());
    QVERIFY2(label->text().startsWith(connection->record().name + u": "_s), qPrintable(label->text()));
    bed.bed.auth.http().route("/revoke", good);
    bed.bed.list->revocations().tellNow();
    QTRY_VERIFY2(label->text().contains(u"has ended the sign-in"_s), qPrintable(label->text()));
    QVERIFY(bed.bed.secrets.keys().isEmpty());
}

void TstMainWindow::removesAndRenames()
{
    WindowBed bed;
    const auto connection = bed.bed.added(bed.bed.mcp.url());
    bed.window->view()->select(connection->id());
    bed.show();
    bed.find<QAction>(u"renameAction"_s)->trigger();
    auto *dialog = bed.find<QDialog>(u"renameDialog"_s);
    QVERIFY(dialog);
    dialog->findChild<QLineEdit *>(u"nameField"_s)->setText(u"Harbour"_s);
    dialog->accept();
    QTRY_COMPARE(connection->record().name, u"Harbour"_s);
    bed.window->view()->focusList();
    QTest::keyClick(bed.find<QListView>(u"connectionListView"_s), Qt::Key_Delete);
    auto *question = bed.find<QDialog>(u"removeConfirmation"_s);
    QVERIFY(question);
    question->findChild<QAbstractButton *>(u"confirmButton"_s)->click();
    QTRY_COMPARE_WITH_TIMEOUT(bed.bed.list->connections().size(), 0, 10'000);
    QTRY_VERIFY(bed.find<QAbstractButton>(u"emptyStateAddButton"_s)->isVisible());
}

/// Bug B18: Enter, Enter left a sign-in behind that goes on at the service.
void TstMainWindow::unlocksBeforeASignInIsLeftBehind()
{
    WindowBed bed;
    const auto connection = bed.bed.signedIn();
    bed.window->view()->select(connection->id());
    bed.show();
    bed.bed.secrets.setLocked(true);
    bed.bed.secrets.setRefusesToUnlock(true);
    const auto ask = [&bed]() -> QMessageBox * {
        bed.find<QAction>(u"removeAction"_s)->trigger();
        bed.find<QDialog>(u"removeConfirmation"_s)->findChild<QAbstractButton *>(u"confirmButton"_s)->click();
        (void)QTest::qWaitFor(
            [&bed] { return bed.find<QMessageBox>(u"forceRemoveConfirmation"_s) != nullptr; });
        return bed.find<QMessageBox>(u"forceRemoveConfirmation"_s);
    };
    QMessageBox *question = ask();
    QVERIFY(question);
    QCOMPARE(question->defaultButton()->objectName(), u"unlockButton"_s);
    question->findChild<QAbstractButton *>(u"cancelButton"_s)->click();
    QTRY_VERIFY(!bed.find<QMessageBox>(u"forceRemoveConfirmation"_s));
    QCOMPARE(bed.bed.list->connections().size(), 1);
    bed.bed.secrets.setRefusesToUnlock(false);
    question = ask();
    QVERIFY(question);
    question->defaultButton()->click();
    QTRY_COMPARE_WITH_TIMEOUT(bed.bed.list->connections().size(), 0, 10'000);
    QVERIFY2(bed.bed.auth.revocations() > 0, "the service has been told");
}

void TstMainWindow::tellsWhatTheKeychainAsks()
{
    using storage::KeychainQuestions;
    WindowBed bed;
    bed.show();
    const auto *messages = bed.window->view()->messages();
    QVERIFY(messages->isEmpty());
    const auto shownTexts = [messages] {
        QStringList texts;
        for (const QLabel *label : messages->findChildren<QLabel *>()) {
            texts += label->text();
        }
        return texts.join(u' ');
    };
    const storage::KeychainQuestion password{storage::KeychainProgram::KWallet,
                                             storage::KeychainQuestion::Kind::Password};
    {
        const KeychainQuestions::Open question(bed.bed.secrets.questions(), password);
        QTRY_VERIFY(messages->isVisible() && !messages->isEmpty());
        QVERIFY2(shownTexts().contains(storage::sentenceOf(password)), qPrintable(shownTexts()));
    }
    QTRY_VERIFY2(messages->isEmpty(), "answered, so there is nothing to tell any more");
}

/// Bug B3.
void TstMainWindow::forgetsTroubleThatIsOver()
{
    WindowBed bed;
    const auto connection = bed.bed.signedIn();
    bed.window->view()->select(connection->id());
    bed.show();
    QTRY_VERIFY(bed.window->view()->hasPage());
    const auto good = bed.bed.auth.http().routeOf(bed.bed.auth.pathOf("token"));
    bed.bed.auth.http().route(bed.bed.auth.pathOf("token"), support::FakeResponse::empty(503));
    const auto server = bed.bed.mcp.http().routeOf(bed.bed.mcp.path());
    bed.bed.mcp.http().route(bed.bed.mcp.path(), support::FakeResponse::empty(503));
    bed.find<QAction>(u"renewAction"_s)->trigger();
    auto *messages = bed.window->view()->messages();
    QTRY_VERIFY_WITH_TIMEOUT(!messages->isEmpty(), 20'000);
    QTRY_VERIFY(connection->state().error);
    bed.window->view()->page()->openTab(ui::ConnectionPage::ToolsTab);
    auto *again = bed.find<QAbstractButton>(u"toolsReloadButton"_s);
    QTRY_COMPARE_WITH_TIMEOUT(again->text(), u"Try again"_s, 20'000);

    bed.bed.auth.http().route(bed.bed.auth.pathOf("token"), good);
    bed.bed.mcp.http().route(bed.bed.mcp.path(), server);
    bed.bed.clock.advance(std::chrono::minutes(10));
    bed.find<QAbstractButton>(u"stateActionButton"_s)->click();
    QTRY_COMPARE_WITH_TIMEOUT(connection->state().phase, Phase::Authorized, 20'000);
    QTRY_VERIFY2(messages->isEmpty(), "its cause is gone");
    QTRY_COMPARE(again->text(), u"Ask now"_s);
}

void TstMainWindow::reachesForNothingBeforeItIsSeen()
{
    WindowBed bed;
    const auto connection = bed.bed.added(bed.bed.mcp.url());
    bed.bed.mcp.http().forgetRequests();
    bed.window->view()->select(connection->id());
    QCoreApplication::processEvents();
    QVERIFY(!bed.window->view()->hasPage());
    QVERIFY(bed.bed.mcp.http().requests().empty());
    bed.show();
    QTRY_VERIFY(bed.window->view()->hasPage());
    QTRY_VERIFY(!bed.bed.mcp.http().requests().empty());
    QTRY_COMPARE(connection->state().phase, Phase::NotAuthorized);
    QVERIFY2(bed.bed.person.opened.isEmpty(), "a browser opens by a click only");
}

void TstMainWindow::loadsToolsWhenTheirTabIsOpened()
{
    WindowBed bed;
    const auto connection = bed.bed.signedIn();
    bed.window->view()->select(connection->id());
    bed.show();
    QTRY_VERIFY(bed.window->view()->hasPage());
    QVERIFY(!connection->tools());
    bed.window->view()->page()->openTab(ui::ConnectionPage::ToolsTab);
    QTRY_VERIFY_WITH_TIMEOUT(connection->tools().has_value(), 10'000);
    auto *tree = bed.find<QTreeWidget>(u"toolsTree"_s);
    QTRY_COMPARE(tree->topLevelItemCount(), static_cast<int>(connection->tools()->size()));
}

void TstMainWindow::asksForAClientInPlace()
{
    WindowBed bed;
    bed.bed.auth.hasRegistration = false;
    const auto connection = bed.bed.added(bed.bed.mcp.url());
    bed.window->view()->select(connection->id());
    bed.show();
    QTRY_COMPARE(connection->state().phase, Phase::NotAuthorized);
    QTRY_VERIFY(bed.find<QAbstractButton>(u"stateActionButton"_s));
    auto *button = bed.find<QAbstractButton>(u"stateActionButton"_s);
    QTRY_VERIFY(button->isVisible());
    button->click();
    QTRY_VERIFY_WITH_TIMEOUT(bed.find<QLineEdit>(u"redirectAddressField"_s), 10'000);
    auto *redirect = bed.find<QLineEdit>(u"redirectAddressField"_s);
    QTRY_VERIFY(redirect->isVisible());
    bed.bed.auth.addClient("by-hand", {}, redirect->text().toLatin1());
    auto *field = bed.find<QLineEdit>(u"clientIdField"_s);
    field->setText(u"by-hand"_s);
    QTest::keyClick(field, Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(connection->state().phase, Phase::Authorized, 10'000);
    QTRY_VERIFY(!redirect->isVisible());
}

void TstMainWindow::takesTurnsWhenNarrow()
{
    WindowBed bed;
    const auto connection = bed.bed.added(bed.bed.mcp.url());
    bed.show(QSize(480, 700));
    auto *list = bed.find<QListView>(u"connectionListView"_s);
    QVERIFY(bed.window->view()->isNarrow());
    QCOMPARE(bed.window->width(), 480);
    QVERIFY(list->isVisible());
    bed.window->view()->select(connection->id());
    QVERIFY(list->isVisible());
    bed.window->view()->focusList();
    QTest::keyClick(list, Qt::Key_Return);
    QTRY_VERIFY(bed.find<QWidget>(u"connectionPage"_s)
                && bed.find<QWidget>(u"connectionPage"_s)->isVisible());
    QVERIFY(!list->isVisible());
    bed.find<QAbstractButton>(u"backButton"_s)->click();
    QVERIFY(list->isVisible());
    bed.window->resize(1200, 700);
    QTRY_VERIFY(bed.find<QWidget>(u"connectionPage"_s)->isVisible() && list->isVisible());
}

void TstMainWindow::remembersGeometryAndSelection()
{
    WindowBed bed;
    bed.bed.added(bed.bed.mcp.url());
    const auto second = bed.bed.added(QUrl(u"http://127.0.0.1:9/mcp"_s));
    bed.show(QSize(760, 600));
    bed.window->view()->select(second->id());
    QSignalSpy closed(bed.window.get(), &ui::MainWindow::closed);
    bed.window->close();
    QCOMPARE(closed.count(), 1);
    QVERIFY(!bed.window->isVisible());
    ui::MainWindow again(*bed.bed.list, *bed.tasks, {}, bed.bed.person.openUrl());
    again.fill();
    QCOMPARE(again.size(), QSize(760, 600));
    QCOMPARE(again.view()->currentId(), second->id());
}

void TstMainWindow::namesEveryControl()
{
    WindowBed bed;
    const auto connection = bed.bed.signedIn();
    bed.window->view()->select(connection->id());
    bed.show();
    QTRY_VERIFY(bed.window->view()->hasPage());
    bed.window->view()->messages()->show({text::Tone::Good, u"text"_s, u"detail"_s, u"act"_s, {}});
    for (const auto tab : {ui::ConnectionPage::SignInTab, ui::ConnectionPage::ToolsTab,
                           ui::ConnectionPage::ActivityTab, ui::ConnectionPage::ReportTab}) {
        bed.window->view()->page()->openTab(tab);
        QCOMPARE(controlsWithoutName(bed.window.get()), QStringList());
    }
    bed.window->openAddDialog();
    QCOMPARE(controlsWithoutName(bed.find<ui::AddServerDialog>(u"addServerDialog"_s)), QStringList());
}

void TstMainWindow::isSilentWhileHidden()
{
    WindowBed bed;
    bed.bed.auth.expiresIn = 40;
    bed.bed.signedIn();
    bed.show();
    QVERIFY(bed.window->countdown().planned());
    bed.window->hide();
    QVERIFY(!bed.window->countdown().planned());
}

// Proves: KC-7
void TstMainWindow::warnsOnceBeforeARenewedSignInIsLost()
{
    WindowBed bed;
    const auto connection = bed.bed.signedIn();
    bed.show();
    bed.bed.clock.advance(std::chrono::hours(2));
    bed.bed.auth.editTokenAnswer = [&bed](const auto &...) { bed.bed.secrets.setForgetful(true); };
    QVERIFY(!support::await(connection->accessToken({})));
    QVERIFY(connection->hasUnsavedSignIn());
    QSignalSpy closed(bed.window.get(), &ui::MainWindow::closed);
    QVERIFY(bed.window->view()->messages()->isEmpty());
    QVERIFY(!bed.window->close());
    QVERIFY(bed.window->isVisible());
    QVERIFY(!bed.window->view()->messages()->isEmpty());
    QVERIFY(bed.window->close());
    QCOMPARE(closed.count(), 1);
}

QTEST_MAIN(TstMainWindow)
#include "tst_mainwindow.moc"
