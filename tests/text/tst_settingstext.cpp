// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/settingstext.h"
#include "text/settingsvalues.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;
using namespace mooring::text;
using oauth::SignInSettings;

class TstSettingsText final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void describesEachSettingOnce();
    void knowsWhatMayBeEntered();
    void takesAndGivesBack_data();
    void takesAndGivesBack();
    void refuses_data();
    void refuses();
    void emptyIsTheNormalValue();
    void bendsNothingByDefault();
    void saysEachBentRule_data();
    void saysEachBentRule();
};

void TstSettingsText::describesEachSettingOnce()
{
    QStringList names;
    const QList<SettingText> all = allSettings();
    for (const SettingText &setting : all) {
        QVERIFY2(!names.contains(setting.name), qPrintable(setting.name));
        names.append(setting.name);
        QVERIFY2(!setting.title.isEmpty() && !setting.explanation.isEmpty() && !setting.form.isEmpty(),
                 qPrintable(setting.name));
        SignInSettings settings;
        QVERIFY2(setSetting(&settings, setting.name, {}), qPrintable(setting.name));
    }
    QCOMPARE(names.size(), 16);
    QVERIFY(settingText(u"no-such").name.isEmpty());
}

// The window makes a box, a list or a field of it.
void TstSettingsText::knowsWhatMayBeEntered()
{
    const QList<SettingText> all = allSettings();
    for (const SettingText &setting : all) {
        const QString normal = settingValue({}, setting.name);
        const bool isYesOrNo = normal == "yes"_L1 || normal == "no"_L1;
        QVERIFY2(isYesOrNo == (setting.kind == SettingText::Kind::Switch), qPrintable(setting.name));
        QVERIFY2(setting.choices.isEmpty() == (setting.kind != SettingText::Kind::Choice),
                 qPrintable(setting.name));
        for (const SettingText::Choice &choice : setting.choices) {
            SignInSettings settings;
            QVERIFY2(setSetting(&settings, setting.name, choice.value), qPrintable(choice.value));
            QCOMPARE(settingValue(settings, setting.name), choice.value);
            QVERIFY(!choice.title.isEmpty());
        }
    }
}

void TstSettingsText::takesAndGivesBack_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("kept");

    const auto row = [](const char *what, const QString &name, const QString &typed, const QString &kept) {
        QTest::newRow(what) << name << typed << kept;
    };
    row("way", u"way"_s, u"client-credentials"_s, u"client-credentials"_s);
    row("dpop", u"dpop"_s, u"always"_s, u"always"_s);
    row("scopes", u"extra-scopes"_s, u"  openid   email "_s, u"openid email"_s);
    row("hint", u"login-hint"_s, u"sam@example.com"_s, u"sam@example.com"_s);
    row("host", u"redirect-host"_s, u"LocalHost"_s, u"localhost"_s);
    row("host v6", u"redirect-host"_s, u"::1"_s, u"[::1]"_s);
    row("port", u"redirect-port"_s, u"7777"_s, u"7777"_s);
    row("resource", u"sends-resource"_s, u"no"_s, u"no"_s);
    row("refresh", u"sends-scope-on-refresh"_s, u"Yes"_s, u"yes"_s);
    row("pkce", u"tolerates-missing-pkce"_s, u"true"_s, u"yes"_s);
    row("path", u"tolerates-foreign-resource"_s, u"on"_s, u"yes"_s);
    row("http", u"allows-plain-http"_s, u"yes"_s, u"yes"_s);
    row("issuer keeps its slash", u"issuer"_s, u"https://login.example.com/"_s,
        u"https://login.example.com/"_s);
    row("issuer without scheme", u"issuer"_s, u"login.example.com"_s, u"https://login.example.com"_s);
    row("authorization", u"authorization-endpoint"_s, u"https://a.example/go?x=1"_s,
        u"https://a.example/go?x=1"_s);
    row("token", u"token-endpoint"_s, u"http://127.0.0.1:9/token"_s, u"http://127.0.0.1:9/token"_s);
    row("revocation", u"revocation-endpoint"_s, u"a.example/revoke"_s, u"https://a.example/revoke"_s);
    row("parameters", u"authorization-parameters"_s, u"access_type=offline&x=a%26b"_s,
        u"access_type=offline&x=a%26b"_s);
}

void TstSettingsText::takesAndGivesBack()
{
    QFETCH(const QString, name);
    QFETCH(const QString, typed);
    QFETCH(const QString, kept);
    SignInSettings settings;
    const base::Result<void> taken = setSetting(&settings, name, typed);
    QVERIFY2(taken, taken ? "" : qPrintable(taken.error().sentence));
    QCOMPARE(settingValue(settings, name), kept);
    QVERIFY(settings != SignInSettings());
    QCOMPARE(SignInSettings::fromJson(settings.toJson()), settings);
    QVERIFY(setSetting(&settings, name, {}));
    QCOMPARE(settings, SignInSettings());
}

void TstSettingsText::refuses_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("named");

    const auto row = [](const char *what, const QString &name, const QString &typed, const QString &named) {
        QTest::newRow(what) << name << typed << named;
    };
    row("unknown", u"colour"_s, u"blue"_s, u"colour"_s);
    row("way", u"way"_s, u"magic"_s, u"client-credentials"_s);
    row("dpop", u"dpop"_s, u"sometimes"_s, u"where-wanted"_s);
    row("scope with a quote", u"extra-scopes"_s, u"read wr\"ite"_s, u"wr"_s);
    row("scope with an umlaut", u"extra-scopes"_s, u"größe"_s, u"permission"_s);
    row("foreign host", u"redirect-host"_s, u"evil.example"_s, u"this computer"_s);
    row("port of letters", u"redirect-port"_s, u"http"_s, u"65535"_s);
    row("port too large", u"redirect-port"_s, u"65536"_s, u"65535"_s);
    row("switch", u"sends-resource"_s, u"maybe"_s, u"yes or no"_s);
    row("issuer with a query", u"issuer"_s, u"https://a.example/?x=1"_s, u"question mark"_s);
    row("no encryption", u"token-endpoint"_s, u"http://a.example/token"_s, u"without encryption"_s);
    row("script", u"authorization-endpoint"_s, u"javascript:alert(1)"_s, u"web address"_s);
    row("parameter without value", u"authorization-parameters"_s, u"offline"_s, u"name=value"_s);
    row("own parameter", u"authorization-parameters"_s, u"a=b&redirect_uri=x"_s, u"redirect_uri"_s);
    row("own parameter, encoded", u"authorization-parameters"_s, u"st%61te=x"_s, u"state"_s);
    row("hint that hides", u"login-hint"_s, u"sam\u202Egro.elpmaxe@"_s, u"characters"_s);
    row("too long", u"login-hint"_s, QString(1001, u'a'), u"too long"_s);
}

void TstSettingsText::refuses()
{
    QFETCH(const QString, name);
    QFETCH(const QString, typed);
    QFETCH(const QString, named);
    SignInSettings settings;
    const base::Result<void> taken = setSetting(&settings, name, typed);
    QVERIFY(!taken);
    QVERIFY2(taken.error().sentence.contains(named), qPrintable(taken.error().sentence));
    QCOMPARE(settings, SignInSettings());
}

void TstSettingsText::emptyIsTheNormalValue()
{
    SignInSettings settings;
    settings.sendsResource = false;
    QVERIFY(setSetting(&settings, u"sends-resource", u"  "_s));
    QVERIFY(settings.sendsResource);
}

void TstSettingsText::bendsNothingByDefault()
{
    QCOMPARE(bentRules({}), QStringList());
    SignInSettings choices;
    choices.extraScopes = {u"read"_s};
    choices.loginHint = u"sam@example.com"_s;
    choices.way = SignInSettings::Way::ClientCredentials;
    QVERIFY2(bentRules(choices).isEmpty(), "choices of a person are no bent rules");
}

void TstSettingsText::saysEachBentRule_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("said");

    const auto row = [](const QString &name, const QString &typed, const QString &said) {
        QTest::newRow(qPrintable(name + u'=' + typed)) << name << typed << said;
    };
    row(u"redirect-host"_s, u"localhost"_s, u"comes back from the browser to localhost"_s);
    row(u"redirect-port"_s, u"7777"_s, u"comes back from the browser to 127.0.0.1:7777"_s);
    row(u"sends-resource"_s, u"no"_s, u"does not name the server when signing in"_s);
    row(u"sends-scope-on-refresh"_s, u"yes"_s, u"repeats the permissions at each renewal"_s);
    row(u"tolerates-missing-pkce"_s, u"yes"_s, u"signs in although the service lists no PKCE"_s);
    row(u"tolerates-foreign-resource"_s, u"yes"_s, u"accepts a sign-in description of another path"_s);
    row(u"allows-plain-http"_s, u"yes"_s, u"reaches the server without encryption"_s);
    row(u"dpop"_s, u"always"_s, u"always binds tokens to a key"_s);
    row(u"dpop"_s, u"never"_s, u"never binds tokens to a key"_s);
    row(u"issuer"_s, u"https://login.example.com"_s,
        u"signs in at https://login.example.com, which you chose"_s);
    row(u"authorization-endpoint"_s, u"https://a.example/go"_s, u"opens a sign-in page at a.example"_s);
    row(u"token-endpoint"_s, u"https://a.example/token"_s, u"gets tokens from a.example"_s);
    row(u"revocation-endpoint"_s, u"https://a.example/end"_s, u"ends sign-ins at a.example"_s);
    row(u"authorization-parameters"_s, u"access_type=offline"_s,
        u"adds to the sign-in page's address: access_type"_s);
}

void TstSettingsText::saysEachBentRule()
{
    QFETCH(const QString, name);
    QFETCH(const QString, typed);
    QFETCH(const QString, said);
    SignInSettings settings;
    QVERIFY(setSetting(&settings, name, typed));
    QCOMPARE(bentRules(settings), QStringList{said});
}

QTEST_GUILESS_MAIN(TstSettingsText)
#include "tst_settingstext.moc"
