// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "interop/shellwords.h"

#include "interop/shellscanner.h"

#include <QRegularExpression>

namespace mooring::interop {

using namespace Qt::StringLiterals;

namespace {

bool isPrompt(const QString &word)
{
    static const QStringList prompts = {u"$"_s, u"%"_s,   u">"_s,  u"\u276F"_s, u"\u279C"_s, u"\u203A"_s,
                                        u"~"_s, u"PS>"_s, u"~$"_s, u"!"_s,      u"~>"_s,     u"PS"_s};
    if (prompts.contains(word)) {
        return true;
    }
    const QChar last = word.isEmpty() ? QChar() : word.back();
    const bool endsSo = last == u'$' || last == u'>' || last == u'%' || last == u'#';
    return endsSo && (word.contains(u'@') || word.contains(u':') || word.startsWith(u"PS"));
}

std::optional<std::pair<QString, QString>> assignment(const QString &word)
{
    static const QRegularExpression form(u"^(?:\\$env:)?([A-Za-z_][A-Za-z0-9_]{0,99})=(.*)$"_s,
                                         QRegularExpression::DotMatchesEverythingOption);
    const QRegularExpressionMatch match = form.match(word);
    return match.hasMatch() ? std::optional(std::pair(match.captured(1), match.captured(2))) : std::nullopt;
}

/// PowerShell writes `$env:K = "v"`.
bool takePowerShell(QStringList *words, QHash<QString, QString> *variables)
{
    const bool isOne = words->size() >= 3 && words->first().startsWith("$env:"_L1, Qt::CaseInsensitive)
                       && words->at(1) == "="_L1;
    if (isOne) {
        variables->insert(words->first().sliced(5), words->at(2));
        words->remove(0, 3);
    }
    return isOne;
}

} // namespace

QList<ShellCommand> shellCommands(const QString &text)
{
    return ShellScanner(text).scan();
}

void takePromptAndVariables(QStringList *words, QHash<QString, QString> *variables)
{
    while (!words->isEmpty() && isPrompt(words->first())) {
        words->removeFirst();
    }
    if (takePowerShell(words, variables)) {
        return;
    }
    static const QStringList setters = {u"export"_s, u"set"_s, u"env"_s, u"sudo"_s};
    if (words->size() == 3 && words->first() == "setx"_L1) {
        variables->insert(words->at(1), words->at(2));
        words->clear();
    }
    while (!words->isEmpty()) {
        const auto one = assignment(words->first());
        if (!one && !setters.contains(words->first())) {
            return;
        }
        if (one) {
            variables->insert(one->first, one->second);
        }
        words->removeFirst();
    }
}

} // namespace mooring::interop
