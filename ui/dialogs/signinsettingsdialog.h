// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/connectionview.h"
#include "ui/dialogs/settingrow.h"
#include "ui/widgets/actionbutton.h"
#include "ui/widgets/clientfields.h"
#include "ui/widgets/headerrows.h"

#include <QDialog>

class QToolButton;
class QVBoxLayout;

namespace mooring::ui {

/// How one connection signs in, where a person wants it otherwise than the server says. The few plain
/// choices first; the rules that can be bent are folded away. What can't be meant is said in place.
class SignInSettingsDialog final : public QDialog {
    Q_OBJECT
public:
    /// `hasClient`: an app that was typed in is stored already.
    SignInSettingsDialog(const text::ConnectionView &view, bool hasClient, QWidget *parent = nullptr);

    /// Those that the connection sends already; secret ones without their value.
    void setHeaders(const QList<connections::TypedHeader> &headers);

Q_SIGNALS:
    /// In place of all that are sent; only told if something was changed. A secret one without a value stays.
    void headersChosen(const QList<mooring::connections::TypedHeader> &headers);
    /// With a client if an app that signs in by itself was entered: then it is to sign in at once.
    void settingsChosen(const mooring::oauth::SignInSettings &settings,
                        const std::optional<mooring::connections::ClientCredentials> &client);

private:
    void setUpPlainPart(QVBoxLayout *column);
    void setUpAdvancedPart(QVBoxLayout *column);
    QWidget *makeClientPart();
    QWidget *makeHeadersPart();
    /// False if one of the rows can't be sent as it is; it gets the focus then.
    bool takeHeaders();
    QWidget *makeButtons();
    void addRows(QVBoxLayout *column, const QStringList &names);
    void fill(const oauth::SignInSettings &settings);
    void onEdited();
    void save();
    /// What the rows say; the first row that can't be meant gets the focus.
    std::optional<oauth::SignInSettings> read();
    bool signsInAsApp() const;

    text::ConnectionView m_view;
    bool m_hasClient;
    QList<SettingRow *> m_rows;
    QWidget *m_clientPart = nullptr;
    ClientFields *m_client;
    QToolButton *m_fold;
    QWidget *m_advanced;
    HeaderRows *m_headers;
    bool m_headersEdited = false;
    ActionButton *m_normal;
    ActionButton *m_save;
};

} // namespace mooring::ui
