// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/clientmetadata.h"
#include "ui/windowbed.h"

#include <QAction>
#include <QDialog>

using namespace Qt::StringLiterals;
using namespace mooring;
using connections::AuthorizationKind;
using connections::Phase;
using uitests::WindowBed;

namespace {

constexpr int patience = 15'000;

/// A connection that is looked at in a window, at a service without registration, with its guide open.
class GuideBed final {
public:
    GuideBed()
    {
        m_bed.bed.auth.hasRegistration = false;
        connection = m_bed.bed.added(m_bed.bed.mcp.url());
        m_bed.window->view()->select(connection->id());
        m_bed.show();
        QTRY_VERIFY_WITH_TIMEOUT(connection->state().phase == Phase::NotAuthorized, patience);
        m_bed.find<QAction>(u"authorizeAction"_s)->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(isOpen(), patience);
    }

    bool isOpen() const
    {
        auto *guide = m_bed.find<QWidget>(u"clientGuide"_s);
        return guide && guide->isVisible();
    }
    QString address() const { return m_bed.find<QLineEdit>(u"redirectAddressField"_s)->text(); }
    QString reason() const
    {
        auto *label = m_bed.find<QLabel>(u"clientRefusedLabel"_s);
        return label->isVisible() ? label->text() : QString();
    }
    void enter(const QString &id) const
    {
        auto *field = m_bed.find<QLineEdit>(u"clientIdField"_s);
        field->setText(id);
        QTest::keyClick(field, Qt::Key_Return);
    }
    support::Testbed &bed() { return m_bed.bed; }
    const WindowBed &window() const { return m_bed; }

    std::shared_ptr<connections::Connection> connection;

private:
    WindowBed m_bed;
};

} // namespace

class TstSignIns final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void opensTheSiteOfTheService();
    void staysWhenTheServiceRefusesTheApp();
    void changesAnIdThatTheBrowserRefuses();
    void savesSettings();
    void bendsOneRuleAndSignsIn();
    void namesTheAccount();
    void usesAKeyInstead();
    void offersWhatMakesSense();
    void keepsTheAddressOfItsDescription();
};

void TstSignIns::opensTheSiteOfTheService()
{
    GuideBed bed;
    QTest::keyClick(bed.window().find<QWidget>(u"openSiteButton"_s), Qt::Key_Space);
    QCOMPARE(bed.bed().person.opened, QList<QUrl>{QUrl(bed.bed().auth.issuer())});
    QVERIFY(bed.isOpen());
    QTest::keyClick(bed.window().find<QWidget>(u"cancelClientButton"_s), Qt::Key_Space);
    QTRY_VERIFY(!bed.isOpen());
    QCOMPARE(bed.connection->state().phase, Phase::NotAuthorized);
}

void TstSignIns::staysWhenTheServiceRefusesTheApp()
{
    GuideBed bed;
    const QString address = bed.address();
    bed.bed().auth.addClient("by-hand", {}, address.toLatin1());
    bed.bed().auth.editTokenAnswer = [](const support::FakeRequest &, support::FakeResponse *answer) {
        answer->status = 401;
        answer->body = R"({"error": "invalid_client"})";
    };
    bed.enter(u"by-hand"_s);
    QTRY_VERIFY_WITH_TIMEOUT(bed.isOpen() && !bed.reason().isEmpty(), patience);
    QCOMPARE(bed.connection->record().settings.redirectPort, quint16(QUrl(address).port()));
    QCOMPARE(bed.window().find<QLineEdit>(u"clientIdField"_s)->text(), u"by-hand"_s);

    bed.bed().auth.editTokenAnswer = nullptr;
    bed.bed().auth.addClient("by-hand", {}, bed.address().toLatin1());
    bed.enter(u"by-hand"_s);
    QTRY_COMPARE_WITH_TIMEOUT(bed.connection->state().phase, Phase::Authorized, patience);
    QTRY_VERIFY(!bed.isOpen());
}

void TstSignIns::changesAnIdThatTheBrowserRefuses()
{
    GuideBed bed;
    bed.enter(u"typo"_s);
    auto *change = bed.window().find<QAbstractButton>(u"changeClientButton"_s);
    QTRY_VERIFY_WITH_TIMEOUT(change->isVisible(), patience);
    QTest::keyClick(change, Qt::Key_Space);
    QTRY_VERIFY_WITH_TIMEOUT(bed.isOpen(), patience);
    QVERIFY2(bed.reason().contains(u"Compare the client ID"_s), qPrintable(bed.reason()));
    bed.bed().auth.addClient("right", {}, bed.address().toLatin1());
    bed.enter(u"right"_s);
    QTRY_COMPARE_WITH_TIMEOUT(bed.connection->state().phase, Phase::Authorized, patience);
    QVERIFY2(!change->isVisible(), "there is nothing to change any more");
}

void TstSignIns::savesSettings()
{
    WindowBed bed;
    const auto connection = bed.bed.signedIn();
    bed.window->view()->select(connection->id());
    bed.show();
    bed.find<QAction>(u"signInSettingsAction"_s)->trigger();
    auto *dialog = bed.find<QDialog>(u"signInSettingsDialog"_s);
    QVERIFY(dialog);
    bed.find<QAction>(u"signInSettingsAction"_s)->trigger();
    QCOMPARE(bed.window->findChildren<QDialog *>(u"signInSettingsDialog"_s).size(), 1);
    dialog->findChild<QLineEdit *>(u"login-hintEditor"_s)->setText(u"sam@example.com"_s);
    QTest::keyClick(dialog->findChild<QLineEdit *>(u"login-hintEditor"_s), Qt::Key_Return);
    QTRY_COMPARE(connection->record().settings.loginHint, u"sam@example.com"_s);
    QTRY_VERIFY(!bed.window->view()->messages()->isEmpty());
    QCOMPARE(connection->state().phase, Phase::Authorized);
    const qsizetype before = bed.bed.person.opened.size();
    bed.find<QAbstractButton>(u"messageActionButton"_s)->click();
    QTRY_COMPARE_WITH_TIMEOUT(bed.bed.person.opened.size(), before + 1, patience);
}

void TstSignIns::bendsOneRuleAndSignsIn()
{
    WindowBed bed;
    const auto connection = bed.bed.added(bed.bed.mcp.url());
    bed.window->view()->select(connection->id());
    bed.show();
    QTRY_COMPARE_WITH_TIMEOUT(connection->state().phase, Phase::NotAuthorized, patience);
    text::RemedyOffer offer;
    offer.kind = text::RemedyOffer::Kind::ChangeSetting;
    offer.remedy = QStringView(oauth::remedies::sendsScopeOnRefresh).toString();
    Q_EMIT bed.window->view()->page()->offerAccepted(offer);
    QTRY_COMPARE_WITH_TIMEOUT(connection->state().phase, Phase::Authorized, patience);
    QVERIFY(connection->record().settings.sendsScopeOnRefresh);
    QCOMPARE(bed.bed.person.opened.size(), 1);
}

void TstSignIns::namesTheAccount()
{
    WindowBed bed;
    const auto connection = bed.bed.signedIn();
    bed.window->view()->select(connection->id());
    bed.show();
    QTRY_VERIFY(bed.find<QAbstractButton>(u"editAccountButton"_s));
    QTest::keyClick(bed.find<QAbstractButton>(u"editAccountButton"_s), Qt::Key_Space);
    auto *dialog = bed.find<QDialog>(u"accountDialog"_s);
    QVERIFY(dialog);
    auto *field = dialog->findChild<QLineEdit *>(u"accountLabelField"_s);
    QTest::keyClicks(field, u"work"_s);
    QTest::keyClick(field, Qt::Key_Return);
    QTRY_COMPARE(connection->record().accountLabel, u"work"_s);
}

void TstSignIns::usesAKeyInstead()
{
    WindowBed bed;
    const auto connection = bed.bed.signedIn();
    bed.window->view()->select(connection->id());
    bed.show();
    auto *useKey = bed.find<QAction>(u"useKeyAction"_s);
    auto *useBrowser = bed.find<QAction>(u"useBrowserAction"_s);
    QVERIFY(useKey->isVisible() && useKey->isEnabled());
    QVERIFY(!useBrowser->isVisible());
    useKey->trigger();
    auto *dialog = bed.find<QDialog>(u"keyDialog"_s);
    QVERIFY(dialog);
    const QList<QLabel *> labels = dialog->findChildren<QLabel *>();
    QVERIFY2(std::any_of(labels.begin(), labels.end(),
                         [](const QLabel *label) { return label->text().contains(u"given back"_s); }),
             "the sign-in must not end unannounced");
    dialog->findChild<QLineEdit *>(u"headerNameField"_s)->setText(u"X-Api-Key"_s);
    auto *value = dialog->findChild<QLineEdit *>(u"headerValueField"_s);
    value->setText(u"hush"_s);
    QTest::keyClick(value, Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(connection->record().kind, AuthorizationKind::Header, patience);
    QTRY_COMPARE(bed.bed.auth.revocations(), 2);
    QTRY_VERIFY(useBrowser->isVisible());
    QVERIFY(!useKey->isVisible());
}

void TstSignIns::offersWhatMakesSense()
{
    WindowBed bed;
    const auto connection = bed.bed.added(bed.bed.mcp.url());
    bed.show();
    const auto isEnabled = [&bed](const QString &name) { return bed.find<QAction>(name)->isEnabled(); };
    for (const QString &name : {u"signInSettingsAction"_s, u"useKeyAction"_s, u"otherAccountAction"_s}) {
        QVERIFY2(!isEnabled(name), qPrintable(name));
    }
    QVERIFY(isEnabled(u"preferencesAction"_s));
    bed.window->view()->select(connection->id());
    QVERIFY(isEnabled(u"signInSettingsAction"_s));
    QVERIFY(isEnabled(u"useKeyAction"_s));
    QVERIFY2(!isEnabled(u"otherAccountAction"_s), "there is no first account yet");
}

void TstSignIns::keepsTheAddressOfItsDescription()
{
    WindowBed bed;
    bed.show();
    bed.find<QAction>(u"preferencesAction"_s)->trigger();
    auto *dialog = bed.find<QDialog>(u"preferencesDialog"_s);
    QVERIFY(dialog);
    auto *field = dialog->findChild<QLineEdit *>(u"metadataUrlField"_s);
    field->setText(u"https://example.com/mooring.json"_s);
    QTest::keyClick(field, Qt::Key_Return);
    QTRY_COMPARE(bed.bed.list->clientMetadataUrl(), u"https://example.com/mooring.json"_s);
    QTRY_VERIFY(!bed.find<QDialog>(u"preferencesDialog"_s));
    bed.find<QAction>(u"preferencesAction"_s)->trigger();
    dialog = bed.find<QDialog>(u"preferencesDialog"_s);
    QCOMPARE(dialog->findChild<QLineEdit *>(u"metadataUrlField"_s)->text(),
             u"https://example.com/mooring.json"_s);
    QTest::keyClick(dialog->findChild<QWidget *>(u"backToNormalButton"_s), Qt::Key_Space);
    QTest::keyClick(dialog->findChild<QWidget *>(u"saveButton"_s), Qt::Key_Space);
    QTRY_COMPARE(bed.bed.list->clientMetadataUrl(), oauth::builtInClientMetadataUrl());
}

QTEST_MAIN(TstSignIns)
#include "tst_signins.moc"
