// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "interop/headervalue.h"

#include "base/words.h"
#include "interop/quotes.h"

#include <QStringList>

namespace mooring::interop {

using namespace Qt::StringLiterals;
using base::Words;

namespace {

constexpr auto bearer = "bearer "_L1;

bool startsWith(const QString &text, QLatin1String start)
{
    return text.startsWith(start, Qt::CaseInsensitive);
}

QString undressed(const QString &text, Oddities *noticed)
{
    const QString bare = withoutQuotes(text);
    if (bare != text.trimmed()) {
        noticed->setFlag(Oddity::Quotes);
    }
    return bare;
}

QString withoutName(const QString &text, const QString &name, Oddities *noticed)
{
    const qsizetype colon = text.indexOf(u':');
    if (colon < 0 || name.isEmpty()
        || text.left(colon).trimmed().compare(name.trimmed(), Qt::CaseInsensitive) != 0) {
        return text;
    }
    noticed->setFlag(Oddity::NameInFront);
    return text.sliced(colon + 1).trimmed();
}

/// "Bearer Bearer k": nobody's key begins so.
QString withoutSecondScheme(const QString &text, Oddities *noticed)
{
    QString value = text;
    while (startsWith(value, bearer) && startsWith(value.sliced(bearer.size()).trimmed(), bearer)) {
        value = value.sliced(bearer.size()).trimmed();
        noticed->setFlag(Oddity::SchemeTwice);
    }
    return value;
}

/// "Basic dXNlcg==", "Token abc": one word, then the rest (RFC 9110 section 11.4).
bool hasScheme(const QString &value)
{
    return value.contains(u' ');
}

} // namespace

HeaderValue readHeaderValue(const QString &name, const QString &pasted)
{
    HeaderValue result;
    QString value = undressed(pasted, &result.noticed);
    value = withoutName(value, name, &result.noticed);
    value = undressed(value, &result.noticed);
    value = withoutSecondScheme(value, &result.noticed);
    if (startsWith(value, bearer)) {
        value = value.left(bearer.size()) + undressed(value.sliced(bearer.size()), &result.noticed);
    }
    result.value = base::Secret(value.toUtf8());
    const bool isAuthorization = name.trimmed().compare("authorization"_L1, Qt::CaseInsensitive) == 0;
    if (isAuthorization && !value.isEmpty() && !hasScheme(value)) {
        result.noticed.setFlag(Oddity::SchemeMissing);
        result.alternative = base::Secret("Bearer " + value.toUtf8());
    } else if (!isAuthorization && startsWith(value, bearer)) {
        result.noticed.setFlag(Oddity::SchemeInKeyHeader);
        result.alternative = base::Secret(value.sliced(bearer.size()).trimmed().toUtf8());
    }
    return result;
}

QString oddityText(Oddities noticed)
{
    QStringList sentences;
    const auto say = [&](Oddity oddity, const QString &sentence) {
        if (noticed.testFlag(oddity)) {
            sentences << sentence;
        }
    };
    say(Oddity::Quotes, Words::tr("The quotes around the key are left out."));
    say(Oddity::NameInFront, Words::tr("The header's name in front of the key is left out."));
    say(Oddity::SchemeTwice, Words::tr("\"Bearer\" was there twice; it is sent once."));
    say(Oddity::SchemeMissing,
        Words::tr("Most servers want \"Bearer\" in front of the key; this one has nothing there."));
    say(Oddity::SchemeInKeyHeader,
        Words::tr("\"Bearer\" belongs into the header Authorization; most others want the "
                  "key alone."));
    return sentences.join(u' ');
}

} // namespace mooring::interop
