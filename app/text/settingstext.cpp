// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/settingstext.h"

#include "base/displaytext.h"
#include "base/words.h"

namespace mooring::text {

using namespace Qt::StringLiterals;
using base::Words;
using oauth::SignInSettings;

namespace {

SettingText switchText(const QString &name, const QString &title, const QString &explanation)
{
    return {name, title, explanation, Words::tr("yes or no"), SettingText::Kind::Switch};
}

SettingText wayText()
{
    return {
        u"way"_s,
        Words::tr("Way of signing in"),
        Words::tr(
            "People use the browser. An app with an ID of its own signs in without anybody in front of it."),
        Words::tr("browser or client-credentials"),
        SettingText::Kind::Choice,
        {{u"browser"_s, Words::tr("In the browser, as yourself")},
         {u"client-credentials"_s, Words::tr("As an app, with an ID and a secret or key")}}};
}

SettingText dpopText()
{
    return {u"dpop"_s,
            Words::tr("Bind tokens to a key (DPoP)"),
            Words::tr("A stolen token is then of no use without this computer's key."),
            Words::tr("where-wanted, always or never"),
            SettingText::Kind::Choice,
            {{u"where-wanted"_s, Words::tr("Where the server asks for it")},
             {u"always"_s, Words::tr("Always")},
             {u"never"_s, Words::tr("Never")}}};
}

QList<SettingText> plainSettings()
{
    return {
        wayText(),
        {u"extra-scopes"_s, Words::tr("Also ask for"),
         Words::tr("Permissions that the service knows by these names, beside those that the server names."),
         Words::tr("for example: openid email")},
        {u"login-hint"_s, Words::tr("Account to sign in with"),
         Words::tr("The service fills it in for you, if it can. Usually an e-mail address."),
         Words::tr("for example: sam@example.com")},
    };
}

QList<SettingText> redirectSettings()
{
    return {
        {u"redirect-host"_s, Words::tr("Host of the redirect address"),
         Words::tr(
             "How this computer is called in the address that the browser comes back to. Some services want "
             "“localhost”."),
         Words::tr("127.0.0.1, localhost or [::1]")},
        {u"redirect-port"_s, Words::tr("Port of the redirect address"),
         Words::tr("Empty takes any free one. Only for services that insist on one exact address."),
         Words::tr("a number from 1 to 65535")},
    };
}

QList<SettingText> ruleSettings()
{
    return {
        switchText(
            u"sends-resource"_s, Words::tr("Name the server when signing in"),
            Words::tr("Asks for access that is good at this one server only. Off for services that refuse to "
                      "be told.")),
        switchText(u"sends-scope-on-refresh"_s, Words::tr("Repeat the permissions at each renewal"),
                   Words::tr("Some services forget them otherwise.")),
        switchText(
            u"tolerates-missing-pkce"_s, Words::tr("Sign in although the service lists no PKCE"),
            Words::tr("Mooring protects the sign-in all the same; it can only not be sure that the service "
                      "checks it.")),
        switchText(
            u"tolerates-foreign-resource"_s, Words::tr("Accept a sign-in description of another path"),
            Words::tr("For servers whose description is written for a neighbour at the same address.")),
        switchText(
            u"allows-plain-http"_s, Words::tr("Reach the server without encryption"),
            Words::tr("Only for an address in your own network. Whoever is in that network can read what is "
                      "sent, keys and sign-ins too.")),
        dpopText(),
    };
}

QList<SettingText> addressSettings()
{
    const auto address = [](const QString &last) {
        return Words::tr("for example: https://login.example.com/%1").arg(last);
    };
    return {
        {u"issuer"_s, Words::tr("Sign-in service"),
         Words::tr("Use this one, whatever the server says. Only if somebody who runs the server told you."),
         Words::tr("for example: https://login.example.com")},
        {u"authorization-endpoint"_s, Words::tr("Address of the sign-in page"),
         Words::tr("In place of the one that the service names."), address(u"authorize"_s)},
        {u"token-endpoint"_s, Words::tr("Address that gives tokens"),
         Words::tr("In place of the one that the service names. Your sign-in is sent there."),
         address(u"token"_s)},
        {u"revocation-endpoint"_s, Words::tr("Address that ends sign-ins"),
         Words::tr("In place of the one that the service names."), address(u"revoke"_s)},
        {u"authorization-parameters"_s, Words::tr("Add to the sign-in page's address"),
         Words::tr("Extra words that a service wants to see there."),
         Words::tr("for example: access_type=offline&prompt=consent")},
    };
}

/// A phrase for each bent switch, in the order of the settings.
void addSwitches(QStringList *rules, const SignInSettings &settings)
{
    if (!settings.sendsResource) {
        rules->append(Words::tr("does not name the server when signing in"));
    }
    if (settings.sendsScopeOnRefresh) {
        rules->append(Words::tr("repeats the permissions at each renewal"));
    }
    if (settings.toleratesMissingPkce) {
        rules->append(Words::tr("signs in although the service lists no PKCE"));
    }
    if (settings.toleratesForeignResource) {
        rules->append(Words::tr("accepts a sign-in description of another path"));
    }
    if (settings.allowsPlainHttp) {
        rules->append(Words::tr("reaches the server without encryption"));
    }
    if (settings.dpop == SignInSettings::Dpop::Always) {
        rules->append(Words::tr("always binds tokens to a key"));
    } else if (settings.dpop == SignInSettings::Dpop::Never) {
        rules->append(Words::tr("never binds tokens to a key"));
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
        rules.append(Words::tr("comes back from the browser to %1").arg(base::displayText(host) + port));
    }
    addSwitches(&rules, settings);
    if (!settings.issuer.isEmpty()) {
        rules.append(Words::tr("signs in at %1, which you chose").arg(base::displayText(settings.issuer)));
    }
    if (settings.authorizationEndpoint.isValid()) {
        rules.append(Words::tr("opens a sign-in page at %1")
                         .arg(base::displayAuthority(settings.authorizationEndpoint)));
    }
    if (settings.tokenEndpoint.isValid()) {
        rules.append(Words::tr("gets tokens from %1").arg(base::displayAuthority(settings.tokenEndpoint)));
    }
    if (settings.revocationEndpoint.isValid()) {
        rules.append(
            Words::tr("ends sign-ins at %1").arg(base::displayAuthority(settings.revocationEndpoint)));
    }
    if (!settings.authorizationParameters.isEmpty()) {
        QStringList names;
        for (const auto &[name, value] : settings.authorizationParameters) {
            names.append(base::displayText(name, 40));
        }
        rules.append(Words::tr("adds to the sign-in page's address: %1").arg(names.join(u", "_s)));
    }
    return rules;
}

} // namespace mooring::text
