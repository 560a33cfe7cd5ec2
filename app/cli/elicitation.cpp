// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/elicitation.h"

#include "base/displaytext.h"
#include "base/words.h"
#include "cli/elicitationfield.h"

namespace mooring::cli {

using namespace Qt::StringLiterals;
using base::Result;
using base::Task;
using base::Words;
using mcp::ElicitationAnswer;
using Action = mcp::ElicitationAnswer::Action;
using Line = Result<std::optional<QByteArray>>;

namespace {

/// Yes, no, or nothing if the person is gone.
Task<std::optional<bool>> askYesOrNo(Terminal &terminal, QString question, std::stop_token stop)
{
    Field field{{}, Field::Kind::YesOrNo, true};
    while (true) {
        terminal.say(question);
        Line line = co_await terminal.readLine(stop);
        if (!line || !*line) {
            co_return std::nullopt;
        }
        const Result<QJsonValue> answer = valueOf(field, QString::fromUtf8(**line));
        if (answer) {
            co_return answer->toBool();
        }
        terminal.say(answer.error().sentence);
    }
}

/// Until it can be meant; nothing if the person is gone.
Task<std::optional<QJsonValue>> askField(Terminal &terminal, Field field, std::stop_token stop)
{
    while (true) {
        terminal.say(questionText(field));
        Line line = co_await terminal.readLine(stop);
        if (!line || !*line) {
            co_return std::nullopt;
        }
        const Result<QJsonValue> value = valueOf(field, QString::fromUtf8(**line));
        if (value) {
            co_return *value;
        }
        terminal.say(value.error().sentence);
    }
}

Task<ElicitationAnswer> askForPage(Terminal &terminal, QUrl url, std::stop_token stop)
{
    terminal.say(Words::tr("It wants you to open a page at %1:").arg(base::displayAuthority(url)));
    terminal.say(u"\n  "_s + base::displayText(url.toString(QUrl::FullyEncoded), 8192) + u'\n');
    const std::optional<bool> agreed =
        co_await askYesOrNo(terminal, Words::tr("Open it yourself if you trust it. Go on? (y or n)"), stop);
    co_return ElicitationAnswer{!agreed ? Action::Cancel : *agreed ? Action::Accept : Action::Decline, {}};
}

Task<ElicitationAnswer> askFields(Terminal &terminal, QList<Field> fields, std::stop_token stop)
{
    const std::optional<bool> agreed = co_await askYesOrNo(
        terminal, Words::tr("Answer it? Never type a password here; Ctrl-D stops. (y or n)"), stop);
    if (!agreed || !*agreed) {
        co_return ElicitationAnswer{agreed ? Action::Decline : Action::Cancel, {}};
    }
    ElicitationAnswer answer{Action::Accept, {}};
    for (const Field &field : std::as_const(fields)) {
        std::optional<QJsonValue> value = co_await askField(terminal, field, stop);
        if (!value) {
            co_return ElicitationAnswer{Action::Cancel, {}};
        }
        if (!value->isUndefined()) {
            answer.content.insert(field.name, *value);
        }
    }
    co_return answer;
}

Task<ElicitationAnswer> ask(Terminal &terminal, mcp::Elicitation question, std::stop_token stop)
{
    terminal.say(Words::tr("The server asks: %1").arg(base::displayText(question.message, 1000)));
    if (question.url.isValid()) {
        ElicitationAnswer answer = co_await askForPage(terminal, question.url, stop);
        co_return answer;
    }
    const Result<QList<Field>> fields = fieldsOf(question.requestedSchema);
    if (!fields) {
        terminal.say(fields.error().sentence);
        co_return ElicitationAnswer{Action::Decline, {}};
    }
    ElicitationAnswer answer = co_await askFields(terminal, *fields, stop);
    co_return answer;
}

} // namespace

mcp::AskPerson personAt(Terminal &terminal)
{
    if (!terminal.inputIsTerminal() || terminal.isJson()) {
        return {};
    }
    return [&terminal](mcp::Elicitation question, std::stop_token stop) {
        return ask(terminal, std::move(question), std::move(stop));
    };
}

} // namespace mooring::cli
