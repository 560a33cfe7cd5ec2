// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSet>
#include <QString>
#include <QStringList>

namespace mooring::mcp {

/// A version that is agreed by initialize: 2025-11-25 and older.
bool isSessionVersion(const QString &version);
/// The newest of these that isSessionVersion(); empty if there is none.
QString newestSessionVersionOf(const QStringList &versions);

/// The versions that a text names, in order and each once: dates like 2025-06-18 that stand by themselves, so
/// that the date of a time isn't one.
QStringList versionsIn(const QString &text);
/// The text is about the version of the protocol: it says so, or names one.
bool speaksOfVersions(const QString &text);

/// Which versions to offer in initialize, one after the other. Servers exist that refuse those that they
/// don't know instead of answering with one that they do.
class VersionSteps final {
public:
    /// Begins with `first`, and goes on with the newest that is left.
    explicit VersionSteps(const QString &first);

    const QString &current() const { return m_current; }
    /// The server has refused current(), and has named these. One that names something older than what was
    /// offered may know what is in between. False if there is nothing left to offer.
    bool stepDown(const QStringList &named);

private:
    QString m_current;
    QSet<QString> m_offered;
};

} // namespace mooring::mcp
