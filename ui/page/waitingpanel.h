// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/actionbutton.h"
#include "ui/widgets/plainlabel.h"

#include <QLineEdit>
#include <QUrl>

namespace mooring::ui {

/// What can be done while the browser is open: open it again, copy the link, paste the address that
/// the browser ended up at, cancel.
class WaitingPanel final : public QWidget {
    Q_OBJECT
public:
    explicit WaitingPanel(QWidget *parent = nullptr);

    void setSignInUrl(const QUrl &url);
    /// The page may complain about a client ID that has just been typed.
    void setClientChangeable(bool changeable);
    /// What was pasted can't be used; the field stays.
    void showPasteProblem(const QString &sentence);
    /// Before the next sign-in.
    void clear();

Q_SIGNALS:
    void openAgainClicked();
    void cancelClicked();
    void addressPasted(const QString &address);
    void changeClientClicked();

private:
    void setUpButtons();
    void setUpPasteRow();

    QUrl m_url;
    ActionButton *m_openAgain;
    ActionButton *m_copy;
    ActionButton *m_paste;
    ActionButton *m_changeClient;
    ActionButton *m_cancel;
    QWidget *m_pasteRow;
    QLineEdit *m_address;
    PlainLabel *m_host;
    PlainLabel *m_problem;
};

} // namespace mooring::ui
