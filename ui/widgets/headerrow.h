// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/records/typedheaders.h"
#include "interop/headervalue.h"
#include "ui/widgets/plainlabel.h"

class QCheckBox;
class QComboBox;
class QLineEdit;
class QToolButton;

namespace mooring::ui {

/// One header that a server is to get with every request: how a key is sent, or the header's own name, and
/// the value. What nobody can mean (quotes, a second "Bearer") is left out, and said.
class HeaderRow final : public QWidget {
    Q_OBJECT
public:
    enum class Kind {
        Bearer, ///< "Authorization: Bearer KEY"
        Plain, ///< "Authorization: KEY"
        Named, ///< "X-Api-Key: KEY", and what is no key at all
    };

    explicit HeaderRow(QWidget *parent = nullptr);

    void setHeader(const connections::TypedHeader &header);
    /// The value is in the keychain and stays as it is unless another one is typed.
    void setStored(const QString &name);
    void setRemovable(bool removable);
    /// As it is sent.
    connections::TypedHeader header() const;
    bool isAuthorization() const;
    bool isEmpty() const;
    bool isUnchanged() const;
    /// Why it can't be sent as it is; empty if it can, or if nothing has been typed.
    QString problem() const;
    bool isComplete() const { return !isEmpty() && problem().isEmpty(); }
    /// The same key in another dress, for a server that has refused this one; empty for none.
    QString alternativeText() const;
    void takeAlternative();
    void focusValue();

Q_SIGNALS:
    void edited();
    void submitted();
    void removeClicked();

private:
    void setUpFields();
    Kind kind() const;
    QString headerName() const;
    interop::HeaderValue read() const;
    void onEdited();

    QComboBox *m_kind;
    QLineEdit *m_name;
    QLineEdit *m_value;
    /// Of the header whose value is stored; empty for none.
    QString m_stored;
    QCheckBox *m_secret;
    QToolButton *m_remove;
    PlainLabel *m_hint;
};

} // namespace mooring::ui
