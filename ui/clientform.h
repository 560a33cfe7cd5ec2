// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "oauth/clientregistration.h"
#include "ui/labels.h"
#include "ui/paintedwidgets.h"

#include <QLineEdit>

namespace mooring::ui {

/// For a service where apps can't register themselves: says what to do there, with the exact address
/// to give, and takes the client id that came out of it.
class ClientForm final : public QWidget {
    Q_OBJECT
public:
    explicit ClientForm(QWidget *parent = nullptr);

    /// A new question empties the fields.
    void ask(const oauth::ClientNeeded &needed);

Q_SIGNALS:
    void entered(const QString &clientId, const QString &clientSecret);
    void cancelClicked();

private:
    void setUpFields();
    void submit();

    oauth::ClientNeeded m_needed;
    PlainLabel *m_explanation;
    QLineEdit *m_redirectUri;
    QLineEdit *m_id;
    QLineEdit *m_secret;
    ActionButton *m_continue;
};

} // namespace mooring::ui
