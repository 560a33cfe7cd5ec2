// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "interop/jsonvalue.h"

#include "base/displaytext.h"
#include "base/words.h"
#include "interop/jsonoutline.h"
#include "interop/quotes.h"
#include "interop/textlines.h"

#include <QRegularExpression>

#include <json/json.h>

#include <algorithm>
#include <memory>

namespace mooring::interop {

using namespace Qt::StringLiterals;
using base::Result;
using base::Words;

namespace {

std::unexpected<base::Error> refused(const QString &sentence, const QString &detail = {})
{
    return base::failed(base::makeError(base::ErrorKind::InvalidInput, sentence, base::displayText(detail)));
}

/// A text without its outer braces gets them, in the same lines: `"mcpServers": {…},` and `{…}, {…}`.
QString wrapped(const QString &text)
{
    QStringView bare = QStringView(text).trimmed();
    while (bare.endsWith(u',') || bare.endsWith(u';')) {
        bare = bare.chopped(1).trimmed();
    }
    const QString lead = text.left(text.indexOf(bare.left(1)));
    const QString whole = lead + bare.toString();
    const JsonOutline outline(whole);
    const qsizetype start = qsizetype(
        std::find_if(whole.begin(), whole.end(), [](QChar c) { return c == u'{' || c == u'[' || c == u'"'; })
        - whole.begin());
    if (start < whole.size() && whole.at(start) == u'"') {
        return whole.left(start) + u'{' + whole.sliced(start) + u'}';
    }
    const qsizetype end = outline.firstEnd();
    const bool isRow = end > 0 && QStringView(whole).sliced(end).trimmed().startsWith(u',');
    return isRow ? whole.left(start) + u'[' + whole.sliced(start) + u']' : whole;
}

QString stringOf(const Json::Value &value)
{
    const char *begin = nullptr;
    const char *end = nullptr;
    return value.getString(&begin, &end) ? QString::fromUtf8(begin, end - begin) : QString();
}

Value converted(const Json::Value &json);

void takeMembers(const Json::Value &json, Value *value)
{
    // JsonCpp sorts members by name; people sort servers by what matters to them.
    std::vector<Json::Value::const_iterator> order;
    for (auto it = json.begin(); it != json.end(); ++it) {
        order.push_back(it);
    }
    std::sort(order.begin(), order.end(),
              [](const auto &a, const auto &b) { return a->getOffsetStart() < b->getOffsetStart(); });
    for (const auto &it : order) {
        const char *end = nullptr;
        const char *begin = it.memberName(&end);
        value->names.append(QString::fromUtf8(begin, end - begin));
        value->items.append(converted(*it));
    }
}

Value converted(const Json::Value &json)
{
    Value value;
    switch (json.type()) {
    case Json::nullValue:
        break;
    case Json::booleanValue:
        value.kind = Value::Kind::Truth;
        value.text = json.asBool() ? u"true"_s : u"false"_s;
        break;
    case Json::intValue:
    case Json::uintValue:
    case Json::realValue:
        value.kind = Value::Kind::Number;
        value.text = QString::fromStdString(json.asString());
        break;
    case Json::stringValue:
        value.kind = Value::Kind::Text;
        value.text = stringOf(json);
        break;
    case Json::arrayValue:
        value.kind = Value::Kind::List;
        for (const Json::Value &item : json) {
            value.items.append(converted(item));
        }
        break;
    case Json::objectValue:
        value.kind = Value::Kind::Object;
        takeMembers(json, &value);
        break;
    }
    return value;
}

Json::CharReaderBuilder strictBuilder()
{
    Json::CharReaderBuilder builder;
    builder["collectComments"] = false;
    builder["allowComments"] = true;
    builder["allowTrailingCommas"] = true;
    builder["strictRoot"] = true;
    builder["allowDroppedNullPlaceholders"] = false;
    builder["allowNumericKeys"] = false;
    builder["allowSingleQuotes"] = false;
    builder["allowSpecialFloats"] = false;
    builder["failIfExtra"] = true;
    builder["rejectDupKeys"] = true;
    builder["skipBom"] = true;
    builder["stackLimit"] = maximumDepth + 8;
    return builder;
}

/// Where the first mistake is, and JsonCpp's own word for it.
struct Mistake {
    qsizetype at = 0;
    QString reason;
};

/// JsonCpp tells its mistakes only as "* Line 3, Column 5\n  Missing ':' after object member name\n".
Mistake mistakeIn(QStringView text, const QString &report)
{
    static const QRegularExpression form(u"^\\* Line (\\d+), Column (\\d+)\\n  ([^\\n]*)"_s);
    const QRegularExpressionMatch match = form.match(report.left(1000));
    qsizetype at = 0;
    for (int line = match.captured(1).toInt(); line > 1; --line) {
        at = text.indexOf(u'\n', at) + 1;
    }
    at = std::min(at + std::max(match.captured(2).toInt() - 1, 0), text.size());
    return {at, match.captured(3)};
}

QString missingComma(QStringView text, qsizetype at, int firstLine)
{
    qsizetype before = at;
    while (before > 0 && text.at(before - 1).isSpace()) {
        --before;
    }
    const int first = firstLine + lineOf(text, before) - 1;
    const int second = firstLine + lineOf(text, at) - 1;
    return first == second ? Words::tr("A comma or a brace is missing in line %1.").arg(second)
                           : Words::tr("A comma or a brace is missing between line %1 and line %2.")
                                 .arg(first)
                                 .arg(second);
}

/// What is wrong with the braces and quotes at that place, if they are what is wrong.
QString sentenceForOutline(QStringView text, const Mistake &mistake, int firstLine)
{
    const JsonOutline outline(text);
    const auto line = [&](qsizetype at) { return firstLine + lineOf(text, at) - 1; };
    const QStringView rest = text.sliced(mistake.at).trimmed();
    if (rest.startsWith(u'"') && outline.openText() >= 0 && outline.openText() <= mistake.at) {
        return Words::tr(
                   "A closing quote is missing in line %1. If the text is not complete, copy it from the "
                   "first "
                   "brace to the last one.")
            .arg(line(outline.openText()));
    }
    if ((rest.startsWith(u'}') || rest.startsWith(u']')) && outline.surplus() >= 0) {
        return Words::tr("Line %1 has a closing brace too many.").arg(line(outline.surplus()));
    }
    if (rest.isEmpty() && outline.unclosed() >= 0) {
        return Words::tr(
                   "This is not complete: the brace in line %1 is never closed. Copy it from the first brace "
                   "to "
                   "the last one.")
            .arg(line(outline.unclosed()));
    }
    return {};
}

/// What people write that JSON doesn't have.
QString sentenceForHabit(QStringView rest, int line)
{
    if (rest.startsWith(u'\'')) {
        return Words::tr("Line %1 has single quotes; JSON wants double ones.").arg(line);
    }
    if (rest.startsWith(u'#')) {
        return Words::tr("Line %1 has a comment that begins with #; in JSON it begins with //.").arg(line);
    }
    if (rest.startsWith(u"..") || rest.startsWith(u'\u2026')) {
        return Words::tr("Line %1 has dots where something was left out.").arg(line);
    }
    return {};
}

QString sentenceFor(QStringView text, const Mistake &mistake, int firstLine)
{
    const int line = firstLine + lineOf(text, mistake.at) - 1;
    for (const QString &sentence : {sentenceForOutline(text, mistake, firstLine),
                                    sentenceForHabit(text.sliced(mistake.at).trimmed(), line)}) {
        if (!sentence.isEmpty()) {
            return sentence;
        }
    }
    if (mistake.reason.startsWith("Duplicate key"_L1)) {
        return Words::tr("Line %1 has a name that is there already. Which one is meant?").arg(line);
    }
    if (mistake.reason.startsWith("Extra"_L1)) {
        return Words::tr("Line %1 goes on behind the last brace. Paste only what belongs together.")
            .arg(line);
    }
    if (mistake.reason.startsWith("Missing ','"_L1)) {
        return missingComma(text, mistake.at, firstLine);
    }
    if (mistake.reason.startsWith("Missing '}'"_L1)) {
        return Words::tr("Line %1 has a name that is not in double quotes.").arg(line);
    }
    if (mistake.reason.startsWith("Missing ':'"_L1)) {
        return Words::tr("A colon is missing in line %1.").arg(line);
    }
    const QStringView rest = text.sliced(mistake.at).trimmed();
    return !rest.isEmpty() && rest.front().isLetter()
               ? Words::tr("Line %1 has a text that is not in double quotes.").arg(line)
               : Words::tr("There is a mistake in line %1.").arg(line);
}

/// What the parser must not see.
QString beyondMeasure(QStringView text)
{
    const JsonOutline outline(text);
    if (outline.isTooDeep()) {
        return Words::tr("This is nested more deeply than any list of servers.");
    }
    return outline.hasTooMuch() ? Words::tr("This is more than a list of servers: it has too many values.")
                                : QString();
}

Result<Value> parsed(const QString &text, int firstLine)
{
    const QByteArray bytes = text.toUtf8();
    // JsonCpp throws where it is nested too deeply, and nothing leaves here as an exception.
    try {
        const std::unique_ptr<Json::CharReader> reader(strictBuilder().newCharReader());
        Json::Value root;
        Json::String report;
        if (!reader->parse(bytes.constData(), bytes.constData() + bytes.size(), &root, &report)) {
            const QString told = QString::fromStdString(report);
            return refused(sentenceFor(text, mistakeIn(text, told), firstLine), told);
        }
        return converted(root);
    } catch (const std::exception &exception) {
        return refused(Words::tr("This is not JSON that can be read."), QString::fromUtf8(exception.what()));
    }
}

} // namespace

Result<Value> readJsonValue(const QString &text, int firstLine)
{
    const QString whole = wrapped(withStraightQuotes(text));
    if (const QString problem = beyondMeasure(whole); !problem.isEmpty()) {
        return refused(problem);
    }
    return parsed(whole, firstLine);
}

qsizetype endOfJson(QStringView text, qsizetype start)
{
    return JsonOutline(text, start, true).firstEnd();
}

} // namespace mooring::interop
