// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/connectionlist.h"
#include "ui/adding/debouncedprobe.h"

#include <functional>

namespace mooring::ui {

/// A connection that has the same address already.
struct ExistingConnection {
    QString id;
    QString name;
    /// Somebody signs in there, so a second account makes sense.
    bool hasSignIn = false;
};

/// What the add dialog asks of the rest; plain functions, so that it can be tried without a network.
struct AddServices {
    Probe probe;
    std::function<std::optional<ExistingConnection>(const QUrl &)> existing;
    /// Adds and returns the id.
    std::function<base::Task<base::Result<QString>>(connections::NewConnection)> add;
    /// SecretStore::checkUsable(): never shows a prompt.
    std::function<base::Task<base::Result<void>>()> checkKeychain;
    QString keychainName;
    /// Outlives the dialog.
    base::TaskScope &tasks;
};

} // namespace mooring::ui
