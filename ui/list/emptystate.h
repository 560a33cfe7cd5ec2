// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace mooring::ui {

/// What a window without connections shows: what this is, and what to do.
class EmptyState final : public QWidget {
    Q_OBJECT
public:
    /// `isDemo` adds the addresses of the demo servers, to be clicked.
    explicit EmptyState(bool isDemo, QWidget *parent = nullptr);

Q_SIGNALS:
    /// Empty for "somewhere else".
    void addRequested(const QString &address);
};

} // namespace mooring::ui
