// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/pastedinput.h"

#include "base/displaytext.h"
#include "base/words.h"

#include <algorithm>

namespace mooring::cli {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using base::Words;
using interop::Blank;
using interop::Paste;
using interop::PastedServer;

namespace {

QString questionFor(const Blank &blank)
{
    QString question = base::displayText(blank.name);
    if (!blank.description.isEmpty()) {
        question += u" – "_s + base::displayText(blank.description);
    }
    if (!blank.choices.isEmpty()) {
        question += u" ("_s + base::displayText(blank.choices.join(u" | "_s)) + u')';
    }
    if (!blank.suggestion.isEmpty()) {
        question += u" ["_s + base::displayText(blank.suggestion) + u']';
    }
    return question + u':';
}

base::Error missing(const QList<Blank> &blanks)
{
    QStringList names;
    for (const Blank &blank : blanks) {
        names << blank.written;
    }
    return base::makeError(
        ErrorKind::InvalidInput,
        Words::tr("This still has blanks to fill in: %1. Put your own values in their place.")
            .arg(base::displayText(names.join(u", "_s))));
}

/// Control characters have no place in a header or an address; a terminal sends them by mistake.
bool isClean(const QString &value)
{
    return std::none_of(value.begin(), value.end(),
                        [](QChar c) { return c.category() == QChar::Other_Control; });
}

Task<Result<QString>> readValue(Terminal &terminal, Blank blank, std::stop_token stop)
{
    QByteArray typed;
    if (blank.isSecret && blank.suggestion.isEmpty()) {
        Result<base::Secret> secret = co_await terminal.readSecret(questionFor(blank), stop);
        if (!secret) {
            co_return base::failed(secret.error());
        }
        typed = secret->reveal();
    } else {
        if (terminal.inputIsTerminal()) {
            terminal.say(questionFor(blank));
        }
        Result<std::optional<QByteArray>> line = co_await terminal.readLine(stop);
        if (!line) {
            co_return base::failed(line.error());
        }
        typed = line->value_or(QByteArray()).trimmed();
    }
    const QString value = typed.isEmpty() ? blank.suggestion : QString::fromUtf8(typed);
    if (value.isEmpty()) {
        co_return base::failed(missing({blank}));
    }
    if (!isClean(value)) {
        co_return base::failed(base::makeError(ErrorKind::InvalidInput,
                                               Words::tr("There is a control character in the value for %1.")
                                                   .arg(base::displayText(blank.name))));
    }
    co_return value;
}

} // namespace

Task<Result<Paste>> readPastedInput(Terminal &terminal, QStringList words, std::stop_token stop)
{
    if (words.isEmpty() || words == QStringList(u"-"_s)) {
        Result<QByteArray> all = co_await terminal.readAll(interop::maximumPaste, stop);
        if (!all) {
            co_return base::failed(all.error());
        }
        co_return interop::readPaste(QString::fromUtf8(*all));
    }
    co_return words.size() == 1 ? interop::readPaste(words.first()) : interop::readPastedWords(words);
}

Task<Result<PastedServer>> fillBlanks(Terminal &terminal, PastedServer server, std::stop_token stop)
{
    const QList<Blank> blanks = server.blanks();
    QHash<QString, QString> values;
    for (qsizetype i = 0; i < blanks.size(); ++i) {
        Result<QString> value = co_await readValue(terminal, blanks.at(i), stop);
        if (!value && value.error().kind == ErrorKind::InvalidInput && !terminal.inputIsTerminal()) {
            co_return base::failed(missing(blanks.sliced(i)));
        }
        if (!value) {
            co_return base::failed(value.error());
        }
        values.insert(blanks.at(i).name, *value);
    }
    co_return server.filled(values);
}

} // namespace mooring::cli
