// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>
#include <QStringList>

namespace mooring::ui {

/// JSON of a server as lines that people can read and copy: indented, with its commas, each word of it made
/// fit to be shown. A schema may have any size and any depth: no more than `maximumLines` are made.
class SchemaText final {
public:
    SchemaText(const QJsonObject &schema, qsizetype maximumLines);

    QString text() const { return m_lines.join(u'\n'); }
    bool isCut() const { return m_isCut; }

private:
    void append(qsizetype depth, const QString &before, const QJsonValue &value, const QString &after);
    void appendMembers(qsizetype depth, const QJsonObject &object);
    void appendEntries(qsizetype depth, const QJsonArray &array);
    void addLine(qsizetype depth, const QString &text);

    qsizetype m_maximum;
    QStringList m_lines;
    bool m_isCut = false;
};

} // namespace mooring::ui
