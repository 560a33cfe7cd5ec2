// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "mcp/protocol.h"
#include "ui/labels.h"
#include "ui/paintedwidgets.h"

#include <QTreeWidget>

namespace mooring::ui {

/// The tools that the server offers, fetched through the connection; that they come is also the proof
/// that it works. A row opens to show what the tool takes.
class ToolsView final : public QWidget {
    Q_OBJECT
public:
    explicit ToolsView(QWidget *parent = nullptr);

    void setTools(const QList<mcp::Tool> &tools);
    void setLoading();
    void setError(const base::Error &error);
    /// Nothing has been asked for yet.
    void setIdle();

Q_SIGNALS:
    void reloadClicked();

private:
    void tell(const QString &text, const QString &buttonText);

    /// Those that are shown.
    QList<mcp::Tool> m_tools;
    QTreeWidget *m_tree;
    QWidget *m_notice;
    PlainLabel *m_text;
    ActionButton *m_again;
};

} // namespace mooring::ui
