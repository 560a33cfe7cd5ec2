// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>
#include <QString>

namespace mooring::support {

/// A text as a hostile server would send it, in whatever field it likes.
struct HostileText {
    QByteArray name;
    QString text;
};

/// All of them: markup, local and network paths, characters that turn, hide or steer, floods, placeholders.
/// `localFile` is the absolute path of a file that must not be opened because of them.
const QList<HostileText> &hostileTexts(const QString &localFile = QStringLiteral("/etc/hostname"));

/// What is wrong with a text that is going to be shown, in words; empty for nothing. It may have line breaks,
/// and at most `longest` characters, each with a few marks.
QString flawIn(QStringView shown, qsizetype longest = 1100);

} // namespace mooring::support
