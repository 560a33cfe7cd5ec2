// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "interop/serverbuilder.h"

#include "interop/headerrules.h"
#include "interop/quotes.h"

#include <algorithm>

namespace mooring::interop {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype maximumHeaders = 50;
constexpr auto addressPlace = "address"_L1;

bool isName(const QString &name, const QString &other)
{
    return name.compare(other, Qt::CaseInsensitive) == 0;
}

/// What stands in front of a value that was left out altogether: "Bearer" and nothing behind it.
std::optional<QString> loneScheme(const QString &name, const QString &value)
{
    if (value.isEmpty()) {
        return isName(name, u"Authorization"_s) ? u"Bearer "_s : QString();
    }
    const bool isScheme =
        isName(value, u"Bearer"_s) || isName(value, u"Basic"_s) || isName(value, u"Token"_s);
    return isScheme ? std::optional(value + u' ') : std::nullopt;
}

} // namespace

void ServerBuilder::setAddress(const QString &address)
{
    m_server.url = readBlanks(withoutQuotes(address), m_around, addressPlace);
    tellApart(&m_server.url, addressPlace);
}

void ServerBuilder::addHeader(const QString &name, const QString &value, std::optional<bool> isSecret,
                              const QString &description)
{
    const QString bare = name.trimmed();
    if (bare.isEmpty() || isTechnicalHeader(bare) || m_server.headers.size() >= maximumHeaders) {
        return;
    }
    PastedHeader header;
    header.name = bare;
    header.value = readBlanks(value.trimmed(), m_around, bare);
    const QList<Blank> &blanks = header.value.blanks();
    const bool hasSecretBlank =
        std::any_of(blanks.begin(), blanks.end(), [](const Blank &blank) { return blank.isSecret; });
    header.isSecret = isSecret.value_or(hasSecretBlank || isSecretHeader(bare, header.value.text()));
    if (const std::optional<QString> scheme = loneScheme(bare, header.value.text())) {
        header.value = PastedText(*scheme);
        header.value.append(Blank{bare, u'<' + bare + u'>', description});
    }
    header.value.setSecret(header.isSecret);
    put(header);
}

void ServerBuilder::put(const PastedHeader &header)
{
    const auto isSame = [&header](const PastedHeader &other) { return isName(other.name, header.name); };
    const auto twin = std::find_if(m_server.headers.begin(), m_server.headers.end(), isSame);
    if (twin != m_server.headers.end()) {
        *twin = header;
    } else {
        m_server.headers.append(header);
        tellApart(&m_server.headers.last().value, header.name);
    }
}

void ServerBuilder::takeHeadersOf(const ServerBuilder &other)
{
    for (const PastedHeader &header : other.m_server.headers) {
        put(header);
    }
}

void ServerBuilder::addHeaderLine(const QString &line)
{
    if (const auto header = splitHeader(line)) {
        addHeader(header->first, header->second);
    }
}

void ServerBuilder::addBearer(const QString &token)
{
    const QString bare = token.trimmed();
    addHeader(u"Authorization"_s, bare.contains(u' ') ? bare : u"Bearer "_s + bare, true);
}

/// "<YOUR_KEY>" in two headers means two keys, "${KEY}" means one.
void ServerBuilder::tellApart(PastedText *value, const QString &place) const
{
    PastedServer others = m_server;
    others.headers.removeIf([&place](const PastedHeader &header) { return header.name == place; });
    others.url = place == addressPlace ? PastedText() : others.url;
    const QList<Blank> known = others.blanks();
    for (qsizetype i = 0; i < value->blanks().size(); ++i) {
        const Blank &blank = value->blanks().at(i);
        const auto isSame = [&blank](const Blank &other) { return other.name == blank.name; };
        if (!isVariable(blank) && std::any_of(known.cbegin(), known.cend(), isSame)) {
            value->rename(i, blank.name + u" ("_s + place + u')');
        }
    }
}

} // namespace mooring::interop
