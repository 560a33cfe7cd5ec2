// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/settingstext.h"

#include "base/displaytext.h"

#include <QCoreApplication>

namespace mooring::text {

using namespace Qt::StringLiterals;
using oauth::SignInSettings;

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("mooring::text", text);
}

SettingText switchText(const QString &name, const QString &title, const QString &explanation)
{
    return {name, title, explanation, tr("yes or no"), SettingText::Kind::Switch};
}

SettingText wayText()
{
    return {
        u"way"_s,
        tr("Way of signing in"),
        tr("People use the browser. An app with an ID of its own signs in without anybody in front of it."),
        tr("browser or client-credentials"),
        SettingText::Kind::Choice,
        {{u"browser"_s, tr("In the browser, as yourself")},
         {u"client-credentials"_s, tr("As an app, with an ID and a secret or key")}}};
}

SettingText dpopText()
{
    return {u"dpop"_s,
            tr("Bind tokens to a key (DPoP)"),
            tr("A stolen token is then of no use without this computer's key."),
            tr("where-wanted, always or never"),
            SettingText::Kind::Choice,
            {{u"where-wanted"_s, tr("Where the server asks for it")},
             {u"always"_s, tr("Always")},
             {u"never"_s, tr("Never")}}};
}

QList<SettingText> plainSettings()
{
    return {
        wayText(),
        {u"extra-scopes"_s, tr("Also ask for"),
         tr("Permissions that the service knows by these names, beside those that the server names."),
         tr("for example: openid email")},
        {u"login-hint"_s, tr("Account to sign in with"),
         tr("The service fills it in for you, if it can. Usually an e-mail address."),
         tr("for example: sam@example.com")},
    };
}

QList<SettingText> redirectSettings()
{
    return {
        {u"redirect-host"_s, tr("Host of the redirect address"),
         tr("How this computer is called in the address that the browser comes back to. Some services want "
            "“localhost”."),
         tr("127.0.0.1, localhost or [::1]")},
        {u"redirect-port"_s, tr("Port of the redirect address"),
         tr("Empty takes any free one. Only for services that insist on one exact address."),
         tr("a number from 1 to 65535")},
    };
}

QList<SettingText> ruleSettings()
{
    return {
        switchText(u"sends-resource"_s, tr("Name the server when signing in"),
                   tr("Asks for access that is good at this one server only. Off for services that refuse to "
                      "be told.")),
        switchText(u"sends-scope-on-refresh"_s, tr("Repeat the permissions at each renewal"),
                   tr("Some services forget them otherwise.")),
        switchText(u"tolerates-missing-pkce"_s, tr("Sign in although the service lists no PKCE"),
                   tr("Mooring protects the sign-in all the same; it can only not be sure that the service "
                      "checks it.")),
        switchText(u"tolerates-foreign-resource"_s, tr("Accept a sign-in description of another path"),
                   tr("For servers whose description is written for a neighbour at the same address.")),
        switchText(u"allows-plain-http"_s, tr("Reach the server without encryption"),
                   tr("Only for an address in your own network. Whoever is in that network can read what is "
                      "sent, keys and sign-ins too.")),
        dpopText(),
    };
}

QList<SettingText> addressSettings()
{
    const auto address = [](const QString &last) {
        return tr("for example: https://login.example.com/%1").arg(last);
    };
    return {
        {u"issuer"_s, tr("Sign-in service"),
         tr("Use this one, whatever the server says. Only if somebody who runs the server told you."),
         tr("for example: https://login.example.com")},
        {u"authorization-endpoint"_s, tr("Address of the sign-in page"),
         tr("In place of the one that the service names."), address(u"authorize"_s)},
        {u"token-endpoint"_s, tr("Address that gives tokens"),
         tr("In place of the one that the service names. Your sign-in is sent there."), address(u"token"_s)},
        {u"revocation-endpoint"_s, tr("Address that ends sign-ins"),
         tr("In place of the one that the service names."), address(u"revoke"_s)},
        {u"authorization-parameters"_s, tr("Add to the sign-in page's address"),
         tr("Extra words that a service wants to see there."),
         tr("for example: access_type=offline&prompt=consent")},
    };
}

/// A phrase for each bent switch, in the order of the settings.
void addSwitches(QStringList *rules, const SignInSettings &settings)
{
    if (!settings.sendsResource) {
        rules->append(tr("does not name the server when signing in"));
    }
    if (settings.sendsScopeOnRefresh) {
        rules->append(tr("repeats the permissions at each renewal"));
    }
    if (settings.toleratesMissingPkce) {
        rules->append(tr("signs in although the service lists no PKCE"));
    }
    if (settings.toleratesForeignResource) {
        rules->append(tr("accepts a sign-in description of another path"));
    }
    if (settings.allowsPlainHttp) {
        rules->append(tr("reaches the server without encryption"));
    }
    if (settings.dpop == SignInSettings::Dpop::Always) {
        rules->append(tr("always binds tokens to a key"));
    } else if (settings.dpop == SignInSettings::Dpop::Never) {
        rules->append(tr("never binds tokens to a key"));
    }
}

} // namespace

QList<SettingText> allSettings()
{
    return plainSettings() + redirectSettings() + ruleSettings() + addressSettings();
}

SettingText settingText(QStringView name)
{
    const QList<SettingText> all = allSettings();
    const auto found =
        std::find_if(all.begin(), all.end(), [name](const SettingText &one) { return one.name == name; });
    return found == all.end() ? SettingText() : *found;
}

QStringList bentRules(const SignInSettings &settings)
{
    QStringList rules;
    if (!settings.redirectHost.isEmpty() || settings.redirectPort != 0) {
        const QString host = settings.redirectHost.isEmpty() ? u"127.0.0.1"_s : settings.redirectHost;
        const QString port =
            settings.redirectPort == 0 ? QString() : u':' + QString::number(settings.redirectPort);
        rules.append(tr("comes back from the browser to %1").arg(base::displayText(host) + port));
    }
    addSwitches(&rules, settings);
    if (!settings.issuer.isEmpty()) {
        rules.append(tr("signs in at %1, which you chose").arg(base::displayText(settings.issuer)));
    }
    if (settings.authorizationEndpoint.isValid()) {
        rules.append(
            tr("opens a sign-in page at %1").arg(base::displayAuthority(settings.authorizationEndpoint)));
    }
    if (settings.tokenEndpoint.isValid()) {
        rules.append(tr("gets tokens from %1").arg(base::displayAuthority(settings.tokenEndpoint)));
    }
    if (settings.revocationEndpoint.isValid()) {
        rules.append(tr("ends sign-ins at %1").arg(base::displayAuthority(settings.revocationEndpoint)));
    }
    if (!settings.authorizationParameters.isEmpty()) {
        QStringList names;
        for (const auto &[name, value] : settings.authorizationParameters) {
            names.append(base::displayText(name, 40));
        }
        rules.append(tr("adds to the sign-in page's address: %1").arg(names.join(u", "_s)));
    }
    return rules;
}

} // namespace mooring::text
