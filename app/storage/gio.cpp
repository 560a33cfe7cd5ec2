// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/gio.h"

#include <QLibrary>

namespace mooring::storage {

using namespace Qt::StringLiterals;

namespace {

template <typename Function>
bool resolve(QLibrary &library, const char *name, Function &function)
{
    function = reinterpret_cast<Function>(library.resolve(name));
    return function != nullptr;
}

Gio load()
{
    QLibrary library(u"gio-2.0"_s, 0);
    Gio gio;
    const bool isWhole = resolve(library, "g_bus_get_finish", gio.busGetFinish)
                         && resolve(library, "g_cancellable_new", gio.cancellableNew)
                         && resolve(library, "g_cancellable_cancel", gio.cancellableCancel)
                         && resolve(library, "g_dbus_connection_call", gio.call)
                         && resolve(library, "g_dbus_connection_call_finish", gio.callFinish)
                         && resolve(library, "g_dbus_connection_set_exit_on_close", gio.setExitOnClose)
                         && resolve(library, "g_dbus_connection_signal_subscribe", gio.subscribe)
                         && resolve(library, "g_dbus_connection_signal_unsubscribe", gio.unsubscribe)
                         && resolve(library, "g_dbus_error_get_remote_error", gio.remoteError)
                         && resolve(library, "g_dbus_error_strip_remote_error", gio.stripRemoteError)
                         // From libgobject, which comes with it.
                         && resolve(library, "g_object_ref", gio.objectRef)
                         && resolve(library, "g_object_unref", gio.objectUnref)
                         && resolve(library, "g_bus_get", gio.busGet);
    return isWhole ? gio : Gio();
}

} // namespace

const Gio &Gio::functions()
{
    static const Gio gio = load();
    return gio;
}

} // namespace mooring::storage
