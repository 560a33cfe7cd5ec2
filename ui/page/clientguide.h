// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "oauth/clientregistration.h"
#include "ui/widgets/actionbutton.h"
#include "ui/widgets/clientfields.h"
#include "ui/widgets/plainlabel.h"

#include <QUrl>

class QGridLayout;
class QLineEdit;

namespace mooring::ui {

/// For a service where apps can't register themselves: what to do there, step by step, with the exact
/// address to give, and where to enter what came out of it. It stays, with the reason, until the service
/// has taken the app or the person gives up.
class ClientGuide final : public QWidget {
    Q_OBJECT
public:
    explicit ClientGuide(QWidget *parent = nullptr);

    /// `problem` is why the service did not take what was entered last; empty the first time. A new
    /// question empties the fields.
    void ask(const oauth::ClientNeeded &needed, const QString &trouble);

Q_SIGNALS:
    void entered(const mooring::connections::ClientCredentials &client);
    void siteRequested(const QUrl &url);
    void cancelClicked();

private:
    void addStep(const QString &text, QWidget *below = nullptr);
    QWidget *makeSiteRow();
    QWidget *makeAddressRow();
    QWidget *makeButtons();
    void submit();

    oauth::ClientNeeded m_needed;
    QString m_problem;
    int m_steps = 0;
    QGridLayout *m_grid;
    PlainLabel *m_refusal;
    PlainLabel *m_first = nullptr;
    ActionButton *m_open;
    QLineEdit *m_redirectUri;
    ActionButton *m_copy;
    ClientFields *m_fields;
};

} // namespace mooring::ui
