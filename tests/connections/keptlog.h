// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QLoggingCategory>

namespace mooring::test {

/// Turns on all that Mooring can log, and keeps it instead of printing it, while it lives. One at a time.
class KeptLog final {
public:
    KeptLog()
    {
        QLoggingCategory::setFilterRules(QStringLiteral("mooring.*=true"));
        s_printer = qInstallMessageHandler(keep);
    }
    ~KeptLog() { qInstallMessageHandler(s_printer); }
    Q_DISABLE_COPY_MOVE(KeptLog)

    void clear() { s_text.clear(); }
    const QByteArray &text() const { return s_text; }

private:
    static void keep(QtMsgType type, const QMessageLogContext &context, const QString &text)
    {
        s_text += text.toUtf8() + '\n';
        if (!QByteArrayView(context.category).startsWith("mooring.")) {
            s_printer(type, context, text);
        }
    }
    static inline QByteArray s_text;
    static inline QtMessageHandler s_printer = nullptr;
};

} // namespace mooring::test
