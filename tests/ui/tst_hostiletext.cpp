// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Every text of the corpus in every field of the window and of its dialogs: it is only text, it opens no
// file, and showing it takes no time.
#include "support/hostiletexts.h"
#include "support/measures.h"
#include "ui/dialogs/aboutdialog.h"
#include "ui/dialogs/accountdialog.h"
#include "ui/dialogs/confirmations.h"
#include "ui/dialogs/forceremovedialog.h"
#include "ui/dialogs/keydialog.h"
#include "ui/dialogs/preferencesdialog.h"
#include "ui/dialogs/renamedialog.h"
#include "ui/dialogs/signinsettingsdialog.h"
#include "ui/mainview.h"
#include "ui/samples.h"
#include "ui/surfaces.h"

#include <QAbstractButton>
#include <QClipboard>
#include <QGuiApplication>
#include <QLabel>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;
using ui::ConnectionPage;

namespace {

/// The goal is 50 ms in the program that people use, and ./tests/run bench says whether it is met. Here it is
/// about the seconds that a text costs which is not cut.
#ifdef __SANITIZE_ADDRESS__
constexpr qint64 longestStall = 2000;
#else
constexpr qint64 longestStall = 250;
#endif
constexpr qsizetype longestReport = 100'000;

} // namespace

class TstHostileText final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void isOnlyText_data() { addTexts(); }
    void isOnlyText();
    void dialogsArePlain_data() { addTexts(); }
    void dialogsArePlain();
    void opensNoFile_data();
    void opensNoFile();
    void noticesAFileThatIsOpened();
    void showsHostsInAscii();
    void longListsAreCut();
    void cleanupTestCase();

private:
    void addTexts() const;
    /// Does it, and looks how long the event loop came to nothing else.
    void step(const std::function<void()> &what);
    void showEverywhere(const ui::ConnectionDetails &details);

    uitests::LocalFiles m_files;
    std::unique_ptr<ui::ConnectionModel> m_model;
    std::unique_ptr<ui::MainView> m_view;
    support::StallMeter m_meter;
    bool m_isWarm = false;
    qint64 m_longest = 0;
    QByteArray m_slowest;
};

void TstHostileText::initTestCase()
{
    m_model = std::make_unique<ui::ConnectionModel>(&uitests::sampleNow);
    m_view = std::make_unique<ui::MainView>(*m_model, &uitests::sampleNow, true);
    m_view->resize(1000, 700);
    m_view->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
    // Whatever is made once has been made then.
    showEverywhere(uitests::samples().first().details);
    m_isWarm = true;
}

void TstHostileText::addTexts() const
{
    QTest::addColumn<QString>("text");
    for (const support::HostileText &one : support::hostileTexts(m_files.plain())) {
        QTest::newRow(one.name.constData()) << one.text;
    }
}

void TstHostileText::step(const std::function<void()> &what)
{
    m_meter.restart();
    what();
    // Once for what that has posted, and once for the look at the clock behind it.
    QCoreApplication::processEvents();
    QCoreApplication::processEvents();
    const qint64 stall = m_isWarm ? m_meter.longestUs() : 0;
    if (stall > m_longest) {
        m_longest = stall;
        m_slowest = QTest::currentDataTag() ? QTest::currentDataTag() : QTest::currentTestFunction();
    }
}

void TstHostileText::showEverywhere(const ui::ConnectionDetails &details)
{
    step([&] { m_model->put(details.view); });
    step([&] { m_view->select(details.view.record.id); });
    step([&] { m_view->setDetails(details); });
    for (const auto tab : {ConnectionPage::ToolsTab, ConnectionPage::ActivityTab, ConnectionPage::ReportTab,
                           ConnectionPage::SignInTab}) {
        step([&] { m_view->page()->openTab(tab); });
        QCOMPARE(uitests::flawOnSurfaces(m_view.get()), QString());
    }
}

// Proves: VT-17, VT-19
// Matrix: 22 AUT
void TstHostileText::isOnlyText()
{
    QFETCH(const QString, text);
    const ui::ConnectionDetails details = uitests::hostileDetails(text);
    showEverywhere(details);
    ui::ConnectionDetails asked = details;
    asked.clientNeeded =
        oauth::ClientNeeded{details.view.record.issuer, u"http://127.0.0.1:43917/callback"_s};
    asked.clientProblem = text;
    showEverywhere(asked);
    for (const char16_t *remedy : {oauth::remedies::acceptsNewIssuer, oauth::remedies::acceptsForeignPage,
                                   oauth::remedies::omitsResource, oauth::remedies::entersClient}) {
        ui::ConnectionDetails offered = details;
        offered.view.state.error->remedy = QString::fromUtf16(remedy);
        showEverywhere(offered);
    }
    for (const auto phase : {connections::Phase::WaitingForBrowser, connections::Phase::ApiKey,
                             connections::Phase::Authorized, connections::Phase::Unreachable}) {
        ui::ConnectionDetails other = details;
        other.view.state.phase = phase;
        other.view.record.kind = connections::AuthorizationKind::Header;
        other.signInUrl = details.view.record.url;
        showEverywhere(other);
        step([&] { m_view->page()->showPasteProblem(text); });
        step([&] { m_view->page()->setToolsError(*details.view.state.error); });
        QCOMPARE(uitests::flawOnSurfaces(m_view.get()), QString());
    }
    step([&] { m_view->messages()->show({text::Tone::Bad, text, text, u"Act"_s, {}}); });
    step([&] { m_view->findChild<QAbstractButton *>(u"messageDetailsButton"_s)->click(); });
    QCOMPARE(uitests::flawOnSurfaces(m_view.get()), QString());
    m_view->messages()->dismiss();
    QVERIFY(m_view->minimumSizeHint().width() < 1000);
    m_view->findChild<QAbstractButton *>(u"copyReportButton"_s)->click();
    QCOMPARE(support::flawIn(QGuiApplication::clipboard()->text(), longestReport), QString());
    QVERIFY2(!m_files.haveBeenOpened(), "a file was opened because of this text");
}

void TstHostileText::dialogsArePlain()
{
    QFETCH(const QString, text);
    const text::ConnectionView view = uitests::hostileDetails(text).view;
    const std::unique_ptr<QDialog> dialogs[] = {
        std::unique_ptr<QDialog>(ui::makeDisconnectConfirmation(view, nullptr)),
        std::unique_ptr<QDialog>(ui::makeRemoveConfirmation(view, nullptr)),
        std::make_unique<ui::ForceRemoveDialog>(view, base::keychainError(base::KeychainCase::Locked, text)),
        std::unique_ptr<QDialog>(ui::makeAboutDialog(nullptr)),
        std::make_unique<ui::KeyDialog>(view),
        std::make_unique<ui::RenameDialog>(view),
        std::make_unique<ui::AccountDialog>(view),
        std::make_unique<ui::PreferencesDialog>(u"https://example.com/mooring.json"_s),
        std::make_unique<ui::SignInSettingsDialog>(view, false),
    };
    for (const std::unique_ptr<QDialog> &dialog : dialogs) {
        dialog->setAttribute(Qt::WA_DeleteOnClose, false);
        step([&] { dialog->show(); });
        QCOMPARE(uitests::flawOnSurfaces(dialog.get()), QString());
    }
}

void TstHostileText::opensNoFile_data()
{
    QTest::addColumn<QString>("text");
    for (const support::HostileText &one : support::hostileTexts(m_files.pipe())) {
        if (one.text.contains(m_files.pipe())) {
            QTest::newRow(one.name.constData()) << one.text;
        }
    }
}

/// Whoever reads this file waits for ever.
// Proves: VT-18
void TstHostileText::opensNoFile()
{
    QFETCH(const QString, text);
    showEverywhere(uitests::hostileDetails(text));
    QVERIFY(!m_files.haveBeenOpened());
}

/// Else the tests above could not fail.
void TstHostileText::noticesAFileThatIsOpened()
{
    QLabel careless(u"<img src='%1'>"_s.arg(m_files.plain()));
    careless.resize(100, 100);
    QVERIFY(!careless.grab().isNull());
    QVERIFY(m_files.haveBeenOpened());
    QVERIFY(!uitests::flawOnSurfaces(&careless).isEmpty());
    QLabel tip(u"x"_s);
    tip.setTextFormat(Qt::PlainText);
    QCOMPARE(uitests::flawOnSurfaces(&tip), QString());
    tip.setToolTip(u"<b>x</b>"_s);
    QVERIFY(!uitests::flawOnSurfaces(&tip).isEmpty());
    QVERIFY(!support::flawIn(u"a\u202Eb").isEmpty());
}

// Proves: VT-20
void TstHostileText::showsHostsInAscii()
{
    const QString twin = u"p\u0430ypal.com"_s;
    ui::ConnectionDetails details = uitests::samples().first().details;
    details.view.record.url.setHost(twin);
    details.view.record.name.clear();
    details.view.record.issuer = u"https://"_s + twin;
    details.view.record.resource = u"https://"_s + twin + u"/mcp"_s;
    showEverywhere(details);
    details.view.state.phase = connections::Phase::WaitingForBrowser;
    details.signInUrl = QUrl(details.view.record.issuer);
    showEverywhere(details);
    details.clientNeeded = oauth::ClientNeeded{details.view.record.issuer, u"http://127.0.0.1:1/callback"_s};
    showEverywhere(details);
    int shown = 0;
    const QList<QLabel *> labels = m_view->findChildren<QLabel *>();
    for (const QLabel *label : labels) {
        QVERIFY2(!label->text().contains(twin), qPrintable(label->text()));
        shown += label->text().contains(u"xn--"_s) ? 1 : 0;
    }
    QVERIFY(shown > 3);
    QVERIFY(m_model->index(m_model->rowOf(details.view.record.id))
                .data(ui::ConnectionModel::SearchRole)
                .toString()
                .contains(u"xn--"_s));
}

// Proves: VT-19
void TstHostileText::longListsAreCut()
{
    showEverywhere(uitests::longDetails());
}

void TstHostileText::cleanupTestCase()
{
    qInfo("figure: %lld hostile texts: the longest stall was %.1f ms (%s)",
          static_cast<long long>(support::hostileTexts(m_files.plain()).size()),
          static_cast<double>(m_longest) / 1000, m_slowest.constData());
    QVERIFY(m_longest < longestStall * 1000);
    m_view.reset();
}

QTEST_MAIN(TstHostileText)
#include "tst_hostiletext.moc"
