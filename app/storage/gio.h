// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gio/gio.h>

namespace mooring::storage {

/// GLib's D-Bus (libgio), loaded when it is first needed: linked, it would cost each start of mooringctl 3
/// ms, and most of them ask no keychain. libsecret needs it, too, so where there is a Secret Service, there
/// it is.
struct Gio {
    /// The functions, all of them or, if there is no such library, none.
    static const Gio &functions();
    bool isLoaded() const { return busGet != nullptr; }

    decltype(&g_bus_get) busGet = nullptr;
    decltype(&g_bus_get_finish) busGetFinish = nullptr;
    decltype(&g_cancellable_new) cancellableNew = nullptr;
    decltype(&g_cancellable_cancel) cancellableCancel = nullptr;
    decltype(&g_dbus_connection_call) call = nullptr;
    decltype(&g_dbus_connection_call_finish) callFinish = nullptr;
    decltype(&g_dbus_connection_set_exit_on_close) setExitOnClose = nullptr;
    decltype(&g_dbus_connection_signal_subscribe) subscribe = nullptr;
    decltype(&g_dbus_connection_signal_unsubscribe) unsubscribe = nullptr;
    decltype(&g_dbus_error_get_remote_error) remoteError = nullptr;
    decltype(&g_dbus_error_strip_remote_error) stripRemoteError = nullptr;
    void *(*objectRef)(void *) = nullptr;
    void (*objectUnref)(void *) = nullptr;
};

} // namespace mooring::storage
