// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/controls.h"
#include "ui/dialogs/signinsettingsdialog.h"
#include "ui/samples.h"

#include <QAbstractButton>
#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;
using connections::ClientCredentials;
using oauth::SignInSettings;

namespace {

/// The dialog, and what it has said.
struct DialogBed {
    explicit DialogBed(const SignInSettings &settings = {}, bool hasClient = false)
    {
        text::ConnectionView view = uitests::samples().first().details.view;
        view.record.settings = settings;
        dialog = std::make_unique<ui::SignInSettingsDialog>(view, hasClient);
        dialog->setAttribute(Qt::WA_DeleteOnClose, false);
        QObject::connect(
            dialog.get(), &ui::SignInSettingsDialog::settingsChosen, dialog.get(),
            [this](const SignInSettings &settings, const std::optional<ClientCredentials> &given) {
                ++times;
                chosen = settings;
                client = given;
            });
        dialog->open();
    }

    template <typename T>
    T *find(const QString &name) const
    {
        return dialog->findChild<T *>(name);
    }
    void press(const QString &button) const { QTest::keyClick(find<QAbstractButton>(button), Qt::Key_Space); }

    std::unique_ptr<ui::SignInSettingsDialog> dialog;
    int times = 0;
    SignInSettings chosen;
    std::optional<ClientCredentials> client;
};

SignInSettings everythingBent()
{
    SignInSettings settings;
    settings.dpop = SignInSettings::Dpop::Always;
    settings.extraScopes = {u"openid"_s, u"email"_s};
    settings.redirectHost = u"localhost"_s;
    settings.redirectPort = 7777;
    settings.sendsResource = false;
    settings.sendsScopeOnRefresh = true;
    settings.toleratesMissingPkce = true;
    settings.toleratesForeignResource = true;
    settings.issuer = u"https://login.example.com/"_s;
    settings.authorizationEndpoint = QUrl(u"https://login.example.com/go"_s);
    settings.tokenEndpoint = QUrl(u"https://login.example.com/token"_s);
    settings.revocationEndpoint = QUrl(u"https://login.example.com/end"_s);
    settings.authorizationParameters = {{u"access_type"_s, u"offline"_s}};
    settings.loginHint = u"sam@example.com"_s;
    return settings;
}

} // namespace

class TstSignInSettingsDialog final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void changesHeaders();
    void givesBackWhatItWasGiven();
    void foldsTheRulesAway();
    void isUsedByKeyboardOnly();
    void saysWhatIsWrongInPlace();
    void goesBackToNormal();
    void takesAnAppThatSignsInByItself();
    void takesAKeyInPlaceOfASecret();
    void goesOnWithAStoredApp();
    void namesEveryControl();
};

void TstSignInSettingsDialog::givesBackWhatItWasGiven()
{
    DialogBed bed(everythingBent());
    bed.press(u"saveButton"_s);
    QCOMPARE(bed.times, 1);
    QCOMPARE(bed.chosen, everythingBent());
    QVERIFY(!bed.client);
    QVERIFY(!bed.dialog->isVisible());
}

void TstSignInSettingsDialog::foldsTheRulesAway()
{
    const DialogBed bed;
    auto *part = bed.find<QWidget>(u"advancedPart"_s);
    QVERIFY(!part->isVisible());
    QVERIFY(bed.find<QWidget>(u"extra-scopesEditor"_s)->isVisible());
    bed.press(u"advancedButton"_s);
    QVERIFY(part->isVisible());
    QVERIFY(bed.find<QWidget>(u"token-endpointEditor"_s)->isVisible());
}

void TstSignInSettingsDialog::isUsedByKeyboardOnly()
{
    DialogBed bed;
    QVERIFY(QTest::qWaitForWindowActive(bed.dialog.get()));
    QTRY_VERIFY(bed.find<QWidget>(u"wayEditor"_s)->hasFocus());
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
    QVERIFY(bed.find<QWidget>(u"extra-scopesEditor"_s)->hasFocus());
    QTest::keyClicks(QApplication::focusWidget(), u"openid email"_s);
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
    QVERIFY(bed.find<QWidget>(u"login-hintEditor"_s)->hasFocus());
    QTest::keyClicks(QApplication::focusWidget(), u"sam@example.com"_s);
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
    QVERIFY(bed.find<QWidget>(u"advancedButton"_s)->hasFocus());
    QTest::keyClick(bed.find<QWidget>(u"login-hintEditor"_s), Qt::Key_Return);
    QCOMPARE(bed.times, 1);
    QCOMPARE(bed.chosen.extraScopes, (QStringList{u"openid"_s, u"email"_s}));
    QCOMPARE(bed.chosen.loginHint, u"sam@example.com"_s);
}

void TstSignInSettingsDialog::saysWhatIsWrongInPlace()
{
    DialogBed bed;
    bed.press(u"advancedButton"_s);
    auto *port = bed.find<QLineEdit>(u"redirect-portEditor"_s);
    port->setText(u"http"_s);
    bed.press(u"advancedButton"_s);
    bed.press(u"saveButton"_s);
    QCOMPARE(bed.times, 0);
    QVERIFY(bed.dialog->isVisible());
    auto *problem = bed.find<QLabel>(u"redirect-portProblemLabel"_s);
    QVERIFY2(problem->isVisible(), "a problem that is folded away helps nobody");
    QVERIFY2(problem->text().contains(u"65535"_s), qPrintable(problem->text()));
    QVERIFY(!bed.find<QLabel>(u"issuerProblemLabel"_s)->isVisible());
    port->setText(u"7777"_s);
    QVERIFY(!problem->isVisible());
    bed.press(u"saveButton"_s);
    QCOMPARE(bed.chosen.redirectPort, quint16(7777));
}

void TstSignInSettingsDialog::goesBackToNormal()
{
    DialogBed bed(everythingBent());
    auto *normal = bed.find<QAbstractButton>(u"backToNormalButton"_s);
    QVERIFY(normal->isEnabled());
    bed.press(u"backToNormalButton"_s);
    QVERIFY(!normal->isEnabled());
    QCOMPARE(bed.times, 0);
    bed.press(u"saveButton"_s);
    QCOMPARE(bed.chosen, SignInSettings());
}

void TstSignInSettingsDialog::takesAnAppThatSignsInByItself()
{
    DialogBed bed;
    auto *id = bed.find<QLineEdit>(u"clientIdField"_s);
    QVERIFY(!id->isVisible());
    QTest::keyClick(bed.find<QComboBox>(u"wayEditor"_s), Qt::Key_Down);
    QVERIFY(id->isVisible());
    bed.press(u"saveButton"_s);
    QCOMPARE(bed.times, 0);
    QVERIFY(bed.find<QLabel>(u"clientIdProblemLabel"_s)->isVisible());
    id->setText(u"robot"_s);
    bed.press(u"saveButton"_s);
    QCOMPARE(bed.times, 0);
    QVERIFY(bed.find<QLabel>(u"clientSecretProblemLabel"_s)->isVisible());
    bed.find<QLineEdit>(u"clientSecretField"_s)->setText(u"hush"_s);
    QVERIFY(bed.find<QAbstractButton>(u"saveButton"_s)->text().contains(u"sign in"_s));
    bed.press(u"saveButton"_s);
    QCOMPARE(bed.times, 1);
    QCOMPARE(bed.chosen.way, SignInSettings::Way::ClientCredentials);
    QVERIFY(bed.client.has_value());
    QCOMPARE(bed.client->clientId, u"robot"_s);
    QCOMPARE(bed.client->clientSecret.reveal(), QByteArray("hush"));
    QVERIFY(bed.client->privateKey.isEmpty());
}

void TstSignInSettingsDialog::takesAKeyInPlaceOfASecret()
{
    SignInSettings settings;
    settings.way = SignInSettings::Way::ClientCredentials;
    DialogBed bed(settings);
    bed.find<QLineEdit>(u"clientIdField"_s)->setText(u"robot"_s);
    bed.find<QLineEdit>(u"clientSecretField"_s)->setText(u"left over"_s);
    bed.press(u"usesPrivateKeyBox"_s);
    auto *key = bed.find<QPlainTextEdit>(u"privateKeyField"_s);
    QVERIFY(key->isVisible());
    QVERIFY(!bed.find<QWidget>(u"clientSecretField"_s)->isVisible());
    bed.press(u"saveButton"_s);
    QCOMPARE(bed.times, 0);
    const QByteArray pem = "-----BEGIN PRIVATE KEY-----\nMIGH\n-----END PRIVATE KEY-----\n";
    key->setPlainText(QString::fromLatin1(pem));
    bed.press(u"saveButton"_s);
    QCOMPARE(bed.times, 1);
    QVERIFY(bed.client.has_value());
    QCOMPARE(bed.client->privateKey.reveal(), pem);
    QVERIFY(bed.client->clientSecret.isEmpty());
}

void TstSignInSettingsDialog::goesOnWithAStoredApp()
{
    SignInSettings settings;
    settings.way = SignInSettings::Way::ClientCredentials;
    DialogBed bed(settings, true);
    bed.press(u"saveButton"_s);
    QCOMPARE(bed.times, 1);
    QVERIFY(!bed.client);
}

void TstSignInSettingsDialog::namesEveryControl()
{
    const DialogBed bed(everythingBent());
    QTest::keyClick(bed.find<QComboBox>(u"wayEditor"_s), Qt::Key_Down);
    bed.press(u"advancedButton"_s);
    bed.press(u"usesPrivateKeyBox"_s);
    QCOMPARE(uitests::controlsWithoutName(bed.dialog.get()), QStringList());
}

void TstSignInSettingsDialog::changesHeaders()
{
    ui::SignInSettingsDialog dialog(uitests::samples().first().details.view, false);
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    QList<QList<connections::TypedHeader>> chosen;
    connect(&dialog, &ui::SignInSettingsDialog::headersChosen, &dialog,
            [&chosen](const QList<connections::TypedHeader> &headers) { chosen.append(headers); });
    dialog.setHeaders({{u"X-Api-Key"_s, {}, true}, {u"X-Workspace"_s, base::Secret("harbour"), false}});
    auto *save = dialog.findChild<QAbstractButton *>(u"saveButton"_s);
    save->click();
    QVERIFY2(chosen.isEmpty(), "nothing was changed");
    const auto values = dialog.findChildren<QLineEdit *>(u"headerValueField"_s);
    QCOMPARE(values.size(), 2);
    values.last()->setText(u"pier"_s);
    save->click();
    QCOMPARE(chosen.size(), 1);
    QCOMPARE(chosen.first().size(), 2);
    QVERIFY2(chosen.first().first().value.isEmpty(), "what is stored stays as it is");
    QCOMPARE(chosen.first().last().value.reveal(), QByteArray("pier"));
    QVERIFY(!chosen.first().last().isSecret);
}

QTEST_MAIN(TstSignInSettingsDialog)
#include "tst_signinsettingsdialog.moc"
