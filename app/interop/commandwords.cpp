// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "interop/commandwords.h"

#include <QHash>

#include <algorithm>
#include <optional>

namespace mooring::interop {

using namespace Qt::StringLiterals;

namespace {

using Roles = QHash<QString, OptionRole>;

/// Options with a value that mean the same to everybody.
const Roles &commonRoles()
{
    static const Roles roles = {
        {u"--header"_s, OptionRole::Header},
        {u"--headers"_s, OptionRole::Header},
        {u"-H"_s, OptionRole::Header},
        {u"--url"_s, OptionRole::Address},
        {u"--uri"_s, OptionRole::Address},
        {u"--server-url"_s, OptionRole::Address},
        {u"--server"_s, OptionRole::Address},
        {u"--http-url"_s, OptionRole::Address},
        {u"--httpUrl"_s, OptionRole::Address},
        {u"--sse-url"_s, OptionRole::Address},
        {u"--endpoint"_s, OptionRole::Address},
        {u"--remote"_s, OptionRole::Address},
        {u"--sse"_s, OptionRole::Address},
        {u"--streamableHttp"_s, OptionRole::Address},
        {u"--streamable-http"_s, OptionRole::Address},
        {u"--with-streamable-http-extension"_s, OptionRole::Address},
        {u"--with-remote-extension"_s, OptionRole::Address},
        {u"--oauth2Bearer"_s, OptionRole::Bearer},
        {u"--oauth2-bearer"_s, OptionRole::Bearer},
        {u"--bearer-token"_s, OptionRole::Bearer},
        {u"--bearer"_s, OptionRole::Bearer},
        {u"--auth-token"_s, OptionRole::Bearer},
        {u"--client-id"_s, OptionRole::ClientId},
        {u"--oauth-client-id"_s, OptionRole::ClientId},
        {u"--oauth-client-secret"_s, OptionRole::ClientSecret},
        {u"--callback-port"_s, OptionRole::CallbackPort},
        {u"--scopes"_s, OptionRole::Scopes},
        {u"--oauth-scopes"_s, OptionRole::Scopes},
        {u"--static-oauth-client-info"_s, OptionRole::OAuthClient},
    };
    return roles;
}

/// Options whose value is of no interest, but not the name of a server either.
void addOthers(Roles *roles, const QString &names)
{
    for (const QString &name : names.split(u' ')) {
        roles->insert(name, OptionRole::Other);
    }
}

Roles adderRoles()
{
    Roles roles = commonRoles();
    roles.insert({{u"-e"_s, OptionRole::Environment},
                  {u"--env"_s, OptionRole::Environment},
                  {u"--environment"_s, OptionRole::Environment},
                  {u"--name"_s, OptionRole::Name},
                  {u"-n"_s, OptionRole::Name},
                  {u"--bearer-token-env-var"_s, OptionRole::BearerVariable},
                  {u"--bearer-token-env"_s, OptionRole::BearerVariable},
                  {u"--add-mcp"_s, OptionRole::Json},
                  {u"--command"_s, OptionRole::Program},
                  {u"--stdio"_s, OptionRole::Program}});
    addOthers(&roles, u"-t --transport --type -s --scope -a --agent --timeout --description "_s
                      u"--include-tools --exclude-tools --tools -c --config --client --auth --cwd "_s
                      u"--profile --args --startup-timeout-sec"_s);
    return roles;
}

Roles bridgeRoles()
{
    Roles roles = commonRoles();
    roles.insert({{u"-e"_s, OptionRole::Environment},
                  {u"--env"_s, OptionRole::Environment},
                  {u"--client-secret"_s, OptionRole::ClientSecret},
                  {u"--stdio"_s, OptionRole::Program}});
    addOthers(&roles, u"--transport --host --static-oauth-client-metadata --auth-timeout --resource "_s
                      u"--ignore-tool --protocol --auth-server-url --port --outputTransport --logLevel "_s
                      u"--baseUrl --ssePath --messagePath --allow-origin --token-url --sse-port "_s
                      u"--sse-host --method --tool-name --region --service --profile --log-level --scope"_s);
    return roles;
}

Roles curlRoles()
{
    Roles roles = {{u"--header"_s, OptionRole::Header},   {u"-H"_s, OptionRole::Header},
                   {u"--url"_s, OptionRole::Address},     {u"-u"_s, OptionRole::User},
                   {u"--user"_s, OptionRole::User},       {u"--oauth2-bearer"_s, OptionRole::Bearer},
                   {u"-Headers"_s, OptionRole::Other},    {u"-Uri"_s, OptionRole::Address},
                   {u"-Method"_s, OptionRole::Other},     {u"-Body"_s, OptionRole::Other},
                   {u"-ContentType"_s, OptionRole::Other}};
    addOthers(&roles, u"-X --request -d --data --data-raw --data-binary --data-urlencode --json -A "_s
                      u"--user-agent -o --output -m --max-time --connect-timeout -w --write-out -b "_s
                      u"--cookie -c --cookie-jar -x --proxy --cacert -E --cert --key --retry -F --form "_s
                      u"--resolve -e --referer -D --dump-header -T --post-data --body-data --method"_s);
    return roles;
}

const Roles &rolesOf(CommandFamily family)
{
    static const Roles adder = adderRoles();
    static const Roles bridge = bridgeRoles();
    static const Roles curl = curlRoles();
    switch (family) {
    case CommandFamily::Adder:
        return adder;
    case CommandFamily::Bridge:
        return bridge;
    case CommandFamily::Curl:
        break;
    }
    return curl;
}

/// "-sSH": the letters of curl may stand together, the last with its value.
std::optional<std::pair<QString, QString>> lettersOf(const QString &word)
{
    for (qsizetype i = 1; i < std::min<qsizetype>(word.size(), 20); ++i) {
        const QString letter = u"-"_s + word.at(i);
        if (rolesOf(CommandFamily::Curl).contains(letter)) {
            return std::pair(letter, word.sliced(i + 1));
        }
    }
    return std::nullopt;
}

/// One option at `*at`, which is moved behind it.
void takeOption(const QStringList &words, CommandFamily family, qsizetype *at, CommandWords *result)
{
    QString name = words.at(*at);
    std::optional<QString> value;
    const qsizetype equals = name.indexOf(u'=');
    if (name.startsWith("--"_L1) && equals > 0) {
        value = name.sliced(equals + 1);
        name.truncate(equals);
    }
    if (family == CommandFamily::Curl && !name.startsWith("--"_L1) && !rolesOf(family).contains(name)) {
        const auto letters = lettersOf(name);
        name = letters ? letters->first : name;
        value = letters && !letters->second.isEmpty() ? std::optional(letters->second) : value;
    }
    ++*at;
    const auto role = rolesOf(family).constFind(name);
    if (role == rolesOf(family).constEnd()) {
        return;
    }
    if (!value && *at < words.size()) {
        value = words.at((*at)++);
        // mcp-proxy has name and value as two words.
        const bool isHalf = *role == OptionRole::Header && family == CommandFamily::Bridge
                            && !value->contains(u':') && !value->contains(u'=') && *at < words.size()
                            && !words.at(*at).startsWith(u'-') && !words.at(*at).contains("://"_L1);
        if (isHalf) {
            *value += u": "_s + words.at((*at)++);
        }
    }
    result->options.append({*role, value.value_or(QString())});
}

} // namespace

QStringList CommandWords::values(OptionRole role) const
{
    QStringList found;
    for (const auto &[its, value] : options) {
        if (its == role) {
            found.append(value);
        }
    }
    return found;
}

QString CommandWords::value(OptionRole role) const
{
    return values(role).value(0);
}

CommandWords readCommandWords(const QStringList &words, CommandFamily family)
{
    CommandWords result;
    qsizetype at = 0;
    while (at < words.size()) {
        const QString &word = words.at(at);
        if (word == "--"_L1) {
            result.hasDashes = true;
            result.behind = words.sliced(at + 1);
            break;
        }
        if (word.size() > 1 && word.startsWith(u'-')) {
            takeOption(words, family, &at, &result);
        } else {
            result.plain.append(word);
            ++at;
        }
    }
    return result;
}

QString programName(const QString &word)
{
    QString name = QString(word).replace(u'\\', u'/').section(u'/', -1);
    for (const auto ending : {".exe"_L1, ".cmd"_L1, ".bat"_L1, ".ps1"_L1}) {
        if (name.endsWith(ending, Qt::CaseInsensitive)) {
            name.chop(ending.size());
        }
    }
    return name.toLower();
}

QString packageName(const QString &word)
{
    QString name = word.section(u'/', -1);
    const qsizetype version = name.indexOf(u'@', 1);
    if (version > 0) {
        name.truncate(version);
    }
    if (name.startsWith("npm:"_L1)) {
        name.remove(0, 4);
    }
    return programName(name);
}

} // namespace mooring::interop
