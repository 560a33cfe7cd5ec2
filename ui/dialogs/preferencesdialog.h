// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/plainlabel.h"

#include <QDialog>

#include <optional>

class QLineEdit;

namespace mooring::ui {

/// Settings of the whole application.
class PreferencesDialog final : public QDialog {
    Q_OBJECT
public:
    /// `metadataUrl`: see ConnectionList::clientMetadataUrl().
    explicit PreferencesDialog(const QString &metadataUrl, QWidget *parent = nullptr);

Q_SIGNALS:
    /// Nothing: back to the one of this build.
    void metadataUrlChosen(const std::optional<QString> &url);

private:
    QWidget *makeButtons();
    void save();

    QLineEdit *m_url;
    PlainLabel *m_problem;
};

} // namespace mooring::ui
