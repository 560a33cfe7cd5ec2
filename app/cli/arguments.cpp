// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/arguments.h"

#include "base/displaytext.h"
#include "base/words.h"
#include "cli/commandspecs.h"
#include "cli/exitcode.h"
#include "cli/remedyflags.h"
#include "text/settingstext.h"

#include <QCommandLineParser>

#include <algorithm>

namespace mooring::cli {

using namespace Qt::StringLiterals;
using base::Words;

namespace {

EarlyEnd mistake(const QString &sentence, bool json)
{
    // It may repeat words of the command line, and a script takes those from wherever it likes.
    const QString shown = base::displayText(sentence, 1000);
    // Programs get the sentence alone.
    const QString hint = json ? QString() : u'\n' + Words::tr("Try: mooringctl --help");
    return {static_cast<int>(ExitCode::Usage), shown + hint, json};
}

/// The command: the first word that is no option and not the value of --profile.
QString commandWord(const QStringList &words)
{
    for (qsizetype i = 0; i < words.size(); ++i) {
        if (words.at(i) == "--profile"_L1) {
            ++i;
        } else if (!words.at(i).startsWith(u'-')) {
            return words.at(i);
        }
    }
    return {};
}

void readSignIn(const QCommandLineParser &parser, Arguments *arguments)
{
    arguments->allowsMore = parser.isSet(u"allow-more"_s);
    arguments->scopes = parser.values(u"scope"_s);
    arguments->choosesAccount = parser.isSet(u"choose-account"_s);
    arguments->readsPrivateKey = parser.isSet(u"private-key"_s);
    arguments->readsWorkloadToken = parser.isSet(u"workload-token"_s);
    arguments->readsIdToken = parser.isSet(u"id-token"_s);
    arguments->idpTokenEndpoint = parser.value(u"idp-token-endpoint"_s);
    arguments->idpClientId = parser.value(u"idp-client-id"_s);
}

/// The options that go together, or don't.
QString complaintAboutSignIn(const Arguments &arguments)
{
    if ((arguments.readsClientSecret || arguments.readsPrivateKey) && arguments.clientId.isEmpty()) {
        return Words::tr("A secret or key belongs to a client ID: add --client-id ID.");
    }
    if (arguments.readsClientSecret && arguments.readsPrivateKey) {
        return Words::tr("A client has either a secret or a private key.");
    }
    if (arguments.readsWorkloadToken && arguments.readsIdToken) {
        return Words::tr("Either --workload-token or --id-token can be traded, not both.");
    }
    const bool hasProvider = !arguments.idpTokenEndpoint.isEmpty() && !arguments.idpClientId.isEmpty();
    const bool namesProvider = !arguments.idpTokenEndpoint.isEmpty() || !arguments.idpClientId.isEmpty();
    if (arguments.readsIdToken ? !hasProvider : namesProvider) {
        return Words::tr(
            "These belong together: --id-token, --idp-token-endpoint URL and --idp-client-id ID.");
    }
    return {};
}

QString complaintAboutChanges(const CommandSpec &spec, const Arguments &arguments)
{
    for (const QString &change : arguments.changes) {
        const QString name = change.section(u'=', 0, 0);
        if (!change.contains(u'=')) {
            return Words::tr("Write a change as KEY=VALUE, not \"%1\".").arg(change);
        }
        const bool isKnown = spec.command == Command::Settings ? !text::settingText(name).name.isEmpty()
                                                               : name == "client-metadata-url"_L1;
        if (!isKnown) {
            return Words::tr("There is no setting \"%1\". They are listed by: mooringctl %2 --help")
                .arg(name, spec.name);
        }
    }
    return {};
}

/// What stands behind the command itself.
void readWords(const QStringList &words, Arguments *arguments)
{
    const Command command = arguments->command;
    if (command == Command::Add) {
        arguments->pasted = words;
    } else if (command == Command::Probe) {
        arguments->url = words.value(0);
    } else if (command != Command::ProfileSettings) {
        arguments->connection = words.value(0);
    }
    if (command == Command::Rename || command == Command::Label) {
        arguments->newName = words.value(1);
    } else if (command == Command::Key) {
        arguments->headers = words.mid(1, 1);
    } else if (command == Command::Call) {
        arguments->tool = words.value(1);
        arguments->toolArguments = words.value(2, arguments->toolArguments);
    } else if (command == Command::Settings || command == Command::ProfileSettings) {
        arguments->changes = words.mid(command == Command::Settings ? 1 : 0);
    }
}

Arguments readValues(const QCommandLineParser &parser, const CommandSpec &spec)
{
    const QStringList words = parser.positionalArguments().mid(1);
    const auto has = [&](const QString &option) {
        return std::any_of(spec.options.begin(), spec.options.end(),
                           [&](const QCommandLineOption &known) { return known.names().contains(option); })
               && parser.isSet(option);
    };
    const auto value = [&](const QString &option) { return has(option) ? parser.value(option) : QString(); };
    Arguments arguments;
    arguments.command = spec.command;
    arguments.profile = parser.value(u"profile"_s);
    arguments.json = parser.isSet(u"json"_s);
    readWords(words, &arguments);
    if (has(u"name"_s)) {
        arguments.newName = parser.value(u"name"_s);
    }
    if (has(u"header"_s)) {
        arguments.headers += parser.values(u"header"_s);
    }
    for (const RemedyFlag &flag : remedyFlags()) {
        if (has(flag.option)) {
            arguments.remedies.append(flag.remedy);
        }
    }
    arguments.clientId = value(u"client-id"_s);
    arguments.readsClientSecret = has(u"client-secret-stdin"_s);
    arguments.opensBrowser = !has(u"no-browser"_s);
    if (spec.command == Command::Authorize) {
        readSignIn(parser, &arguments);
    }
    arguments.report = has(u"report"_s);
    arguments.reset = has(u"reset"_s);
    arguments.moves = has(u"move"_s);
    arguments.reveal = has(u"reveal"_s);
    arguments.showsIds = has(u"ids"_s);
    arguments.force = has(u"force"_s);
    return arguments;
}

/// An address stands alone; what follows one would be lost, or is a key.
bool isAddressWithMore(const QStringList &pasted)
{
    const QString first = pasted.value(0);
    const bool isPath = first.startsWith(u'/') || first.startsWith(u'.');
    return pasted.size() > 1 && !isPath && (first.contains("://"_L1) || first.contains(u'.'));
}

QString tooMany(const CommandSpec &spec, const QString &word)
{
    return Words::tr("There is one word too many, \"%1\": mooringctl %2 %3")
        .arg(word, spec.name, spec.usage)
        .trimmed();
}

/// What is wrong with what has been read; empty if nothing is.
QString complaintAbout(const QCommandLineParser &parser, const CommandSpec &spec, const Arguments &arguments)
{
    const QStringList words = parser.positionalArguments().mid(1);
    if (words.size() < spec.minimumWords) {
        return Words::tr("Something is missing: mooringctl %1 %2").arg(spec.name, spec.usage);
    }
    if (words.size() > spec.maximumWords) {
        return tooMany(spec, words.at(spec.maximumWords));
    }
    if (isAddressWithMore(arguments.pasted)) {
        return tooMany(spec, arguments.pasted.at(1));
    }
    // An empty label means none.
    const QStringList named = spec.command == Command::Label ? words.first(1) : words;
    if (std::any_of(named.begin(), named.end(), [](const QString &word) { return word.isEmpty(); })) {
        return Words::tr("One of the words is empty: mooringctl %1 %2").arg(spec.name, spec.usage);
    }
    const auto isEmptyValue = [&](const QString &option, const QString &value) {
        return parser.optionNames().contains(option) && value.isEmpty();
    };
    for (const auto &[option, value] :
         {std::pair(u"header"_s, arguments.headers.value(0)), std::pair(u"name"_s, arguments.newName),
          std::pair(u"profile"_s, arguments.profile), std::pair(u"client-id"_s, arguments.clientId)}) {
        if (isEmptyValue(option, value)) {
            return Words::tr("The option --%1 wants a value.").arg(option);
        }
    }
    const QString complaint = complaintAboutSignIn(arguments);
    return complaint.isEmpty() ? complaintAboutChanges(spec, arguments) : complaint;
}

} // namespace

std::variant<Arguments, EarlyEnd> parseArguments(const QStringList &words)
{
    const bool json = words.contains("--json"_L1);
    const QString word = commandWord(words);
    const QList<CommandSpec> specs = commandSpecs();
    const auto spec = std::find_if(specs.begin(), specs.end(),
                                   [&](const CommandSpec &known) { return known.name == word; });
    QCommandLineParser parser;
    parser.addOptions(globalOptions());
    if (spec != specs.end()) {
        parser.addOptions(spec->options);
    }
    const bool isParsed = parser.parse(QStringList{u"mooringctl"_s} + words);
    if (isParsed && parser.isSet(u"version"_s)) {
        return EarlyEnd{0, u"mooringctl "_s + QStringLiteral(MOORING_VERSION)};
    }
    if (isParsed && parser.isSet(u"help"_s) && (word.isEmpty() || spec != specs.end())) {
        return EarlyEnd{0, word.isEmpty() ? generalHelp().trimmed() : helpOf(*spec).trimmed()};
    }
    if (word.isEmpty()) {
        return mistake(isParsed ? Words::tr("Say what to do.") : parser.errorText(), json);
    }
    if (spec == specs.end()) {
        return mistake(Words::tr("There is no command \"%1\".").arg(word), json);
    }
    if (!isParsed) {
        return mistake(parser.errorText(), json);
    }
    const Arguments arguments = readValues(parser, *spec);
    if (const QString complaint = complaintAbout(parser, *spec, arguments); !complaint.isEmpty()) {
        return mistake(complaint, json);
    }
    return arguments;
}

} // namespace mooring::cli
