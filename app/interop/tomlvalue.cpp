// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "interop/tomlvalue.h"

#include "base/displaytext.h"

#include <QCoreApplication>

#include <toml++/toml.h>

#include <algorithm>

namespace mooring::interop {

using namespace Qt::StringLiterals;
using base::Result;

namespace {

/// The parser needs a millisecond for a few kilobytes, and nobody's configuration is longer.
constexpr qsizetype maximumSize = 256 * 1024;
constexpr qsizetype maximumMarks = 20'000;
/// A key of a hundred thousand parts makes as many tables, each in the other.
constexpr qsizetype maximumMarksInLine = 2'000;
constexpr qsizetype maximumDots = 32;

QString tr(const char *text)
{
    return QCoreApplication::translate("mooring::interop", text);
}

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

QString textOf(std::string_view text)
{
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
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
        std::stable_sort(order.begin(), order.end(), [](const auto &a, const auto &b) {
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
        return refused(tr("This TOML is longer or deeper than any list of servers."));
    }
    const QByteArray bytes = text.toUtf8();
    try {
        const toml::table root = toml::parse(std::string_view(bytes.constData(), size_t(bytes.size())));
        return converted(root);
    } catch (const toml::parse_error &error) {
        const int line = firstLine + static_cast<int>(error.source().begin.line) - 1;
        return refused(tr("There is a mistake in line %1 of this TOML.").arg(line),
                       textOf(error.description()));
    } catch (const std::exception &exception) {
        return refused(tr("This is not TOML that can be read."), QString::fromUtf8(exception.what()));
    }
}

} // namespace mooring::interop
