// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QList>
#include <QString>
#include <QStringList>

namespace mooring::interop {

/// A place in a pasted text that waits for something of the person's own: "${API_KEY}", "<your-key>".
struct Blank {
    /// What it is called, and by what it is filled in: "API_KEY", "your-key".
    QString name;
    /// As it stands in the text.
    QString written;
    /// What the instructions say about it; may be empty.
    QString description = {};
    /// What to begin with; may be empty.
    QString suggestion = {};
    /// If not empty, one of these.
    QStringList choices = {};
    bool isSecret = true;

    friend bool operator==(const Blank &, const Blank &) = default;
};

/// Fixed text with blanks in it: "Bearer ${API_KEY}" has one, behind "Bearer ".
class PastedText final {
public:
    PastedText() = default;
    explicit PastedText(const QString &fixed) { append(fixed); }

    void append(const QString &fixed);
    void append(const Blank &blank);

    void rename(qsizetype blank, const QString &name) { m_blanks[blank].name = name; }
    /// Of all its blanks: a value that nobody else may know has none that is harmless.
    void setSecret(bool isSecret);

    bool isEmpty() const { return m_blanks.isEmpty() && m_fixed.first().isEmpty(); }
    /// Nothing is left to fill in.
    bool isComplete() const { return m_blanks.isEmpty(); }
    const QList<Blank> &blanks() const { return m_blanks; }

    /// As it was written, blanks and all.
    QString text() const;
    /// The fixed text in front of the first blank and behind the last one; all of it and nothing without any.
    QString before() const { return m_fixed.first(); }
    QString after() const { return m_blanks.isEmpty() ? QString() : m_fixed.last(); }

    /// With these values, by the names of the blanks. A blank without a value stays one.
    PastedText filled(const QHash<QString, QString> &values) const;

    friend bool operator==(const PastedText &, const PastedText &) = default;

private:
    /// One more than blanks: what is in front of each, and what is behind the last.
    QStringList m_fixed = {QString()};
    QList<Blank> m_blanks;
};

} // namespace mooring::interop
