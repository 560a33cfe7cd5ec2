// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "interop/yamlvalue.h"

#include "base/displaytext.h"
#include "base/words.h"
#include "interop/yamlbuilder.h"

#include <yaml-cpp/yaml.h>

#include <sstream>

namespace mooring::interop {

using namespace Qt::StringLiterals;
using base::Result;
using base::Words;

namespace {

/// The parser needs a millisecond for a few kilobytes, and nobody's configuration is longer.
constexpr qsizetype maximumSize = 128 * 1024;
constexpr qsizetype maximumMarks = 20'000;

std::unexpected<base::Error> refused(const QString &sentence, const QString &detail = {})
{
    return base::failed(base::makeError(base::ErrorKind::InvalidInput, sentence, base::displayText(detail)));
}

/// Judged by the marks alone, inside of texts too: who has that many of them keeps no list of servers.
bool isBeyondMeasure(QStringView text)
{
    qsizetype marks = 0;
    qsizetype depth = 0;
    for (const QChar c : text) {
        const bool opens = c == u'[' || c == u'{';
        const bool closes = c == u']' || c == u'}';
        depth += opens ? 1 : closes && depth > 0 ? -1 : 0;
        marks +=
            opens || c == u',' || c == u'&' || c == u'*' || c == u'?' || c == u'!' || c == u'-' || c == u':';
        if (depth > maximumDepth || marks > maximumMarks) {
            return true;
        }
    }
    return false;
}

} // namespace

Result<Value> readYamlValue(const QString &text, int firstLine)
{
    const QString tooMuch = Words::tr("This YAML is longer or deeper than any list of servers.");
    if (text.size() > maximumSize || isBeyondMeasure(text)) {
        return refused(tooMuch);
    }
    try {
        std::istringstream stream(text.toStdString());
        YAML::Parser parser(stream);
        YamlBuilder builder;
        parser.HandleNextDocument(builder);
        return builder.root();
    } catch (const YamlBuilder::TooMuch &) {
        return refused(tooMuch);
    } catch (const YAML::Exception &error) {
        return refused(
            Words::tr("There is a mistake in line %1 of this YAML.").arg(firstLine + error.mark.line),
            QString::fromStdString(error.msg));
    } catch (const std::exception &exception) {
        return refused(Words::tr("This is not YAML that can be read."), QString::fromUtf8(exception.what()));
    }
}

} // namespace mooring::interop
