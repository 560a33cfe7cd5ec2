// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/secret.h"
#include "text/connectionview.h"
#include "ui/widgets/paintedwidgets.h"

#include <QDialog>
#include <QLineEdit>
#include <QMessageBox>
#include <QVBoxLayout>

class QDialogButtonBox;

namespace mooring::ui {

/// Asks for the value of a header key, and for the header's name.
class KeyDialog final : public QDialog {
    Q_OBJECT
public:
    explicit KeyDialog(const text::ConnectionView &view, QWidget *parent = nullptr);

Q_SIGNALS:
    void keyEntered(const QString &headerName, const mooring::base::Secret &value);

private:
    QLineEdit *m_header;
    QLineEdit *m_value;
};

class RenameDialog final : public QDialog {
    Q_OBJECT
public:
    explicit RenameDialog(const text::ConnectionView &view, QWidget *parent = nullptr);

Q_SIGNALS:
    void nameEntered(const QString &name);

private:
    QLineEdit *m_name;
};

/// A name for the account that is signed in.
class AccountDialog final : public QDialog {
    Q_OBJECT
public:
    explicit AccountDialog(const text::ConnectionView &view, QWidget *parent = nullptr);

Q_SIGNALS:
    /// Empty: the one that the service tells.
    void labelEntered(const QString &label);

private:
    QLineEdit *m_label;
};

/// Removing was not possible because disconnecting was not. What loses nothing comes first: Enter never
/// leaves a sign-in behind at the service.
class ForceRemoveDialog final : public QMessageBox {
    Q_OBJECT
public:
    ForceRemoveDialog(const text::ConnectionView &view, const base::Error &error, QWidget *parent = nullptr);

Q_SIGNALS:
    /// Only offered where the keychain is locked.
    void unlockChosen();
    void removeChosen();
};

/// What Disconnect does, and to whom; asked once. `accepted()` means yes. Open it with open().
QDialog *makeDisconnectConfirmation(const text::ConnectionView &view, QWidget *parent);
QDialog *makeRemoveConfirmation(const text::ConnectionView &view, QWidget *parent);
QDialog *makeAboutDialog(QWidget *parent);

/// The characters that a header's name may have (RFC 9110 section 5.6.2).
bool isHeaderName(const QString &name);

} // namespace mooring::ui
