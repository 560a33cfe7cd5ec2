// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "interop/tomlvalue.h"

#include "base/displaytext.h"
#include "base/words.h"
#include "interop/textlines.h"

#include <stdexcept>

namespace mooring::interop {

[[noreturn]] static void parserTripped(const char *condition)
{
    throw std::logic_error(condition);
}

} // namespace mooring::interop

// Built for release, the parser takes for granted what it checks otherwise, and outside text gets there
// ("[[[a"). So it is built into this file, with each of those checks as an exception.
#undef NDEBUG
#undef TOML_HEADER_ONLY
#undef TOML_SHARED_LIB
#define TOML_HEADER_ONLY 1
#define TOML_ASSERT(condition) ((condition) ? void() : mooring::interop::parserTripped(#condition))
#include <toml++/toml.h>

#include <algorithm>

namespace mooring::interop {

using namespace Qt::StringLiterals;
using base::Result;
using base::Words;

namespace {

/// The parser needs a millisecond for a few kilobytes, and nobody's configuration is longer.
constexpr qsizetype maximumSize = 256 * 1024;
constexpr qsizetype maximumMarks = 20'000;
/// A key of a hundred thousand parts makes as many tables, each in the other.
constexpr qsizetype maximumMarksInLine = 2'000;
constexpr qsizetype maximumDots = 32;

std::unexpected<base::Error> refused(const QString &sentence, const QString &detail = {})
{
    return base::failed(base::makeError(base::ErrorKind::InvalidInput, sentence, base::displayText(detail)));
}

bool opens(QChar c)
{
    return c == u'[' || c == u'{';
}

/// In the part of a line that is its key, or in a header.
bool hasLongKey(QStringView line)
{
    const QStringView bare = line.trimmed();
    const qsizetype end = bare.startsWith(u'[') ? bare.size() : bare.indexOf(u'=');
    return bare.left(std::max<qsizetype>(end, 0)).count(u'.') > maximumDots;
}

/// Judged by the marks alone, inside of texts too: who has that many of them keeps no list of servers.
bool isBeyondMeasure(QStringView text)
{
    qsizetype marks = 0;
    qsizetype depth = 0;
    for (const QStringView line : text.tokenize(u'\n')) {
        const auto isMark = [](QChar c) { return opens(c) || c == u',' || c == u'=' || c == u'.'; };
        const qsizetype here = std::count_if(line.begin(), line.end(), isMark);
        for (const QChar c : line) {
            depth += opens(c) ? 1 : (c == u']' || c == u'}') && depth > 0 ? -1 : 0;
            if (depth > maximumDepth) {
                return true;
            }
        }
        marks += here + 1;
        if (here > maximumMarksInLine || marks > maximumMarks || hasLongKey(line)) {
            return true;
        }
    }
    return false;
}

/// TOML has none of these, and the parser trips over a NUL behind a number. -1 for none.
qsizetype controlIn(QStringView text)
{
    const auto isControl = [](QChar c) {
        return (c.unicode() < 0x20 && c != u'\t' && c != u'\n' && c != u'\r') || c.unicode() == 0x7f;
    };
    const auto found = std::find_if(text.begin(), text.end(), isControl);
    return found == text.end() ? -1 : found - text.begin();
}

/// The first line that begins, behind its brackets, with what no name begins with; 0 for none.
int lineWithoutName(QStringView text)
{
    int number = 0;
    for (QStringView line : text.tokenize(u'\n')) {
        ++number;
        line = line.trimmed();
        const bool isHeader = line.startsWith(u'[');
        for (int bracket = 0; bracket < 2 && line.startsWith(u'['); ++bracket) {
            line = line.sliced(1).trimmed();
        }
        const QChar c = line.isEmpty() ? QChar(u'a') : line.front();
        const bool isName =
            c.unicode() < 0x80 && (c.isLetterOrNumber() || c == u'_' || c == u'-' || c == u'"' || c == u'\'');
        if (!isName && (isHeader || c != u'#')) {
            return number;
        }
    }
    return 0;
}

/// The parser never sees but ASCII: where it doesn't expect other letters it has undefined behaviour. Each is
/// written as "~u00e9~", which no key may have, and read back from the texts.
QByteArray inAscii(const QString &text)
{
    QByteArray ascii;
    ascii.reserve(text.size());
    for (const QChar c : text) {
        if (c.unicode() < 0x80) {
            ascii += static_cast<char>(c.unicode());
        } else {
            ascii += "~u" + QByteArray::number(c.unicode(), 16).rightJustified(4, '0') + '~';
        }
    }
    return ascii;
}

QString textOf(std::string_view ascii)
{
    constexpr qsizetype length = 7;
    const QString written = QString::fromUtf8(ascii.data(), qsizetype(ascii.size()));
    QString text;
    for (qsizetype at = 0; at < written.size();) {
        const QStringView piece = QStringView(written).sliced(at, std::min(length, written.size() - at));
        bool isNumber = false;
        const ushort code = piece.size() == length && piece.startsWith(u"~u") && piece.endsWith(u'~')
                                ? piece.sliced(2, 4).toUShort(&isNumber, 16)
                                : ushort(0);
        text += isNumber ? QChar(code) : written.at(at);
        at += isNumber ? length : 1;
    }
    return text;
}

Value converted(const toml::node &node)
{
    Value value;
    if (const toml::table *table = node.as_table()) {
        value.kind = Value::Kind::Object;
        std::vector<std::pair<const toml::key *, const toml::node *>> order;
        for (const auto &[key, member] : *table) {
            order.emplace_back(&key, &member);
        }
        // In the order of the text.
        std::sort(order.begin(), order.end(), [](const auto &a, const auto &b) {
            return a.first->source().begin < b.first->source().begin;
        });
        for (const auto &[key, member] : order) {
            value.names.append(textOf(key->str()));
            value.items.append(converted(*member));
        }
    } else if (const toml::array *array = node.as_array()) {
        value.kind = Value::Kind::List;
        for (const toml::node &item : *array) {
            value.items.append(converted(item));
        }
    } else if (const auto *text = node.as_string()) {
        value.kind = Value::Kind::Text;
        value.text = textOf(text->get());
    } else if (const auto *truth = node.as_boolean()) {
        value.kind = Value::Kind::Truth;
        value.text = truth->get() ? u"true"_s : u"false"_s;
    } else if (const auto *number = node.as_integer()) {
        value.kind = Value::Kind::Number;
        value.text = QString::number(number->get());
    }
    return value;
}

} // namespace

Result<Value> readTomlValue(const QString &text, int firstLine)
{
    if (text.size() > maximumSize || isBeyondMeasure(text)) {
        return refused(Words::tr("This TOML is longer or deeper than any list of servers."));
    }
    if (const qsizetype control = controlIn(text); control >= 0) {
        return refused(Words::tr("There is a mistake in line %1 of this TOML.")
                           .arg(firstLine + lineOf(text, control) - 1),
                       u"a control character"_s);
    }
    const QByteArray bytes = inAscii(text);
    if (bytes.size() > 2 * maximumSize) {
        return refused(Words::tr("This TOML is longer or deeper than any list of servers."));
    }
    try {
        const toml::table root = toml::parse(std::string_view(bytes.constData(), size_t(bytes.size())));
        return converted(root);
    } catch (const toml::parse_error &error) {
        const int line = firstLine + static_cast<int>(error.source().begin.line) - 1;
        return refused(Words::tr("There is a mistake in line %1 of this TOML.").arg(line),
                       textOf(error.description()));
    } catch (const std::exception &exception) {
        if (const int line = lineWithoutName(text); line > 0) {
            return refused(Words::tr("There is a mistake in line %1 of this TOML.").arg(firstLine + line - 1),
                           QString::fromUtf8(exception.what()));
        }
        return refused(Words::tr("This is not TOML that can be read."), QString::fromUtf8(exception.what()));
    }
}

} // namespace mooring::interop
