// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/connection.h"
#include "ui/widgets/plainlabel.h"

#include <optional>

class QCheckBox;
class QLineEdit;
class QPlainTextEdit;

namespace mooring::ui {

/// Where the client ID of an app goes, and its secret or private key. Says in place what can't be right.
class ClientFields final : public QWidget {
    Q_OBJECT
public:
    explicit ClientFields(QWidget *parent = nullptr);

    /// What was entered, if it can be right; else the problems are shown, and the first one has the focus.
    std::optional<connections::ClientCredentials> read();
    /// Nothing has been typed.
    bool isEmpty() const;
    void setClientId(const QString &id);
    void clearSecrets();
    /// Without a secret or a key it can't be right.
    void setNeedsSecret(bool needs);
    /// What somebody else found wrong with the ID.
    void showIdProblem(const QString &sentence);

Q_SIGNALS:
    void edited();
    /// Enter was pressed.
    void finished();

private:
    void setUpFields();
    void layOut();
    QString secretProblem() const;
    static bool tell(PlainLabel *label, const QString &sentence);

    bool m_needsSecret = false;
    QLineEdit *m_id;
    PlainLabel *m_idProblem;
    QLineEdit *m_secret;
    PlainLabel *m_secretLabel;
    PlainLabel *m_secretProblem;
    QCheckBox *m_usesKey;
    QPlainTextEdit *m_key;
    PlainLabel *m_keyLabel;
};

} // namespace mooring::ui
