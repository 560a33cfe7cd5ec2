// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "mcp/protocol.h"
#include "ui/widgets/actionbutton.h"
#include "ui/widgets/excerptlabel.h"

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
    void setUpButtons();
    void tell(const QString &text, const QString &buttonText);
    void onChosen();
    void copyChosen();
    /// The tool whose row, or whose arguments, are chosen; null if there is none.
    const mcp::Tool *chosen() const;
    QString wholeOfChosen() const;

    /// Those that are shown.
    QList<mcp::Tool> m_tools;
    QTreeWidget *m_tree;
    QWidget *m_notice;
    ExcerptLabel *m_text;
    ActionButton *m_again;
    QWidget *m_buttons;
    ActionButton *m_copy;
    ActionButton *m_all;
};

} // namespace mooring::ui
