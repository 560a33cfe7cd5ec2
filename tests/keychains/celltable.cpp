// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "keychains/celltable.h"

#include <QFile>

namespace mooring::keychains {

using namespace Qt::StringLiterals;

namespace {

constexpr int keychainTrouble = 5;

QList<Outcome> allOutcomes()
{
    return {
        {u"none"_s, {}},
        {u"done"_s, {0}},
        {u"asks"_s, {0}, {u"%P asks"_s}},
        {u"refused"_s, {keychainTrouble}, {u"%P"_s, u"[Aa]llow|refused|closed|password"_s}},
        {u"locked"_s,
         {keychainTrouble},
         {u"%P.*(locked|closed)|(locked|closed) in %P"_s, u"mooringctl unlock"_s}},
        {u"missing"_s, {keychainTrouble}, {u"[Ss]tart|[Ii]nstall|[Ss]ign in to the desktop"_s}},
        {u"gone"_s, {keychainTrouble}, {u"[Ss]tart|[Ii]nstall|[Ss]ign in to the desktop|[Ss]witched off"_s}},
        {u"off"_s, {keychainTrouble}, {u"%P"_s, u"[Ss]witch|[Ss]ettings"_s}},
        {u"empty"_s, {keychainTrouble}, {u"%P"_s, u"has no|No database|Secret Service Integration"_s}},
        {u"late"_s, {keychainTrouble}, {u"%P"_s, u"answer"_s}},
        {u"kept"_s, {0, keychainTrouble}},
    };
}

/// Of a program that this person doesn't have.
QString foreignName(const QString &told, const QString &program)
{
    for (const QString &name : {u"GNOME Keyring"_s, u"KWallet"_s, u"KeePassXC"_s}) {
        if (name != program && told.contains(name)) {
            return name;
        }
    }
    return {};
}

} // namespace

QString Outcome::check(int exitCode, const QString &told, const QString &program) const
{
    if (!exits.contains(exitCode)) {
        return u"exit code %1"_s.arg(exitCode);
    }
    for (const QString &wanted : words) {
        if (!told.contains(QRegularExpression(QString(wanted).replace("%P"_L1, program)))) {
            return u"not told: "_s + wanted;
        }
    }
    const bool mayNameOthers = code == "missing"_L1 || code == "gone"_L1 || code == "kept"_L1;
    if (const QString other = foreignName(told, program); !mayNameOthers && !other.isEmpty()) {
        return u"names "_s + other;
    }
    return {};
}

CellTable::CellTable(const QString &keychain)
    : m_keychain(keychain)
{
    QFile file(QStringLiteral(CELL_TABLE));
    if (!file.open(QFile::ReadOnly)) {
        qFatal("the table of the cells can't be read");
    }
    const QStringList lines = QString::fromUtf8(file.readAll()).split(u'\n', Qt::SkipEmptyParts);
    for (const QString &line : lines) {
        const QStringList words = line.simplified().split(u' ');
        if (line.startsWith(u'#') || words.first() != keychain) {
            continue;
        }
        const QStringList named = words.value(2) == "*"_L1 ? jobs() : QStringList{words.value(2)};
        for (const QString &job : named) {
            m_codes.insert(words.value(1) + u' ' + job, words.value(3));
        }
    }
}

QStringList CellTable::cases()
{
    return {u"open"_s,
            u"locked"_s,
            u"closed"_s,
            u"denied"_s,
            u"missing"_s,
            u"slow"_s,
            u"hanging"_s,
            u"killed-after-write"_s,
            u"killed-in-write"_s,
            u"switched-off"_s,
            u"changed-in-use"_s,
            u"default-gone"_s};
}

QStringList CellTable::jobs()
{
    return {u"authorize"_s, u"use"_s, u"refresh"_s, u"disconnect"_s, u"remove"_s};
}

Outcome CellTable::outcome(const QString &caseName, const QString &job) const
{
    const QString code = m_codes.value(caseName + u' ' + job);
    const QList<Outcome> all = allOutcomes();
    for (const Outcome &outcome : all) {
        if (outcome.code == code) {
            return outcome;
        }
    }
    qFatal("keychains.txt says \"%s\" for %s %s %s", qPrintable(code), qPrintable(m_keychain),
           qPrintable(caseName), qPrintable(job));
}

} // namespace mooring::keychains
