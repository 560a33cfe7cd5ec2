// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/sessionbus.h"

#include "storage/gio.h"

#include <algorithm>
#include <limits>

namespace mooring::storage {

using namespace Qt::StringLiterals;
using base::Task;

namespace {

constexpr auto noReply = "org.freedesktop.DBus.Error.NoReply"_L1;
/// GLib would end a call by a timer of its own, which a process that wakes up hears too early.
constexpr int forEver = std::numeric_limits<int>::max();

using Reply = base::OneShot<BusReply>;
using Heard = std::function<void(GVariant *)>;

const Gio &gio()
{
    return Gio::functions();
}

BusReply tooLate()
{
    return {{}, noReply, u"too late"_s};
}

BusReply takeError(GError *error)
{
    BusReply reply;
    if (char *name = gio().remoteError(error)) {
        reply.error = QString::fromUtf8(name);
        g_free(name);
        gio().stripRemoteError(error);
    } else {
        reply.error =
            QString::fromUtf8(g_quark_to_string(error->domain)) + u'.' + QString::number(error->code);
    }
    reply.words = QString::fromUtf8(error->message);
    g_error_free(error);
    return reply;
}

void onAnswer(GObject *connection, GAsyncResult *result, gpointer data)
{
    const std::unique_ptr<Reply> answer(static_cast<Reply *>(data));
    GError *error = nullptr;
    GVariant *values = gio().callFinish(reinterpret_cast<GDBusConnection *>(connection), result, &error);
    answer->resolve(values ? BusReply{busValue(values)} : takeError(error));
}

struct Connected {
    std::shared_ptr<GDBusConnection> connection;
    BusReply error;
};

/// With its last user a connection ends, with what is still to be sent and with all that a person has allowed
/// it; so it has one user until the process ends.
void keepOpen(GDBusConnection *connection)
{
    static GDBusConnection *kept = nullptr;
    if (kept != connection) {
        kept = connection;
        gio().objectRef(kept);
    }
}

void onConnected(GObject *, GAsyncResult *result, gpointer data)
{
    const std::unique_ptr<base::OneShot<Connected>> over(static_cast<base::OneShot<Connected> *>(data));
    GError *error = nullptr;
    GDBusConnection *connection = gio().busGetFinish(result, &error);
    if (!connection) {
        BusReply words = takeError(error);
        words.error = u"org.freedesktop.DBus.Error.NameHasNoOwner"_s;
        words.words.prepend("no session bus: "_L1);
        over->resolve({nullptr, words});
        return;
    }
    // GLib would end the whole program with the bus, a sign-in half kept.
    gio().setExitOnClose(connection, FALSE);
    keepOpen(connection);
    over->resolve({std::shared_ptr<GDBusConnection>(connection, gio().objectUnref), {}});
}

void onSignal(GDBusConnection *, const char *, const char *, const char *, const char *, GVariant *values,
              gpointer data)
{
    (*static_cast<Heard *>(data))(values);
}

void freeHeard(gpointer data)
{
    delete static_cast<Heard *>(data);
}

/// GLib wants no text where everything fits.
const char *orAny(const QByteArray &text)
{
    return text.isEmpty() ? nullptr : text.constData();
}

using Cancellable = std::shared_ptr<GCancellable>;

Cancellable makeCancellable()
{
    return {gio().cancellableNew(), gio().objectUnref};
}

} // namespace

BusValue busValue(GVariant *value)
{
    return {g_variant_take_ref(value), g_variant_unref};
}

Task<SessionBus> SessionBus::connect(const base::Deadline *deadline)
{
    SessionBus bus;
    if (!gio().isLoaded()) {
        bus.m_error = {{}, u"org.freedesktop.DBus.Error.NameHasNoOwner"_s, u"no session bus: no libgio"_s};
        co_return bus;
    }
    const base::OneShot<Connected> over;
    const Cancellable cancellable = makeCancellable();
    gio().busGet(G_BUS_TYPE_SESSION, cancellable.get(), onConnected, new base::OneShot<Connected>(over));
    base::Deadline patience([over, cancellable] {
        over.resolve({nullptr, tooLate()});
        gio().cancellableCancel(cancellable.get());
    });
    patience.start(std::max(std::chrono::milliseconds(1), deadline->left()));
    Connected connected = co_await over;
    bus.m_connection = connected.connection;
    bus.m_error = connected.error;
    co_return bus;
}

Task<BusReply> SessionBus::call(QString peer, QString path, QString interface, QString method,
                                BusValue arguments, const base::Deadline *deadline) const
{
    if (!m_connection) {
        co_return BusReply(m_error);
    }
    const Reply answer;
    const Cancellable cancellable = makeCancellable();
    gio().call(m_connection.get(), peer.toUtf8().constData(), path.toUtf8().constData(),
               interface.toUtf8().constData(), method.toUtf8().constData(), arguments.get(), nullptr,
               G_DBUS_CALL_FLAGS_NO_AUTO_START, forEver, cancellable.get(), onAnswer, new Reply(answer));
    base::Deadline patience([answer, cancellable] {
        answer.resolve(tooLate());
        gio().cancellableCancel(cancellable.get());
    });
    if (deadline) {
        patience.start(std::max(std::chrono::milliseconds(1), deadline->left()));
    }
    BusReply reply = co_await answer;
    co_return reply;
}

Task<BusReply> SessionBus::callBus(QString method, BusValue arguments, const base::Deadline *deadline) const
{
    return call(u"org.freedesktop.DBus"_s, u"/org/freedesktop/DBus"_s, u"org.freedesktop.DBus"_s,
                std::move(method), std::move(arguments), deadline);
}

void SessionBus::send(const QString &peer, const QString &path, const QString &interface,
                      const QString &method, const BusValue &arguments) const
{
    if (m_connection) {
        gio().call(m_connection.get(), peer.toUtf8().constData(), path.toUtf8().constData(),
                   interface.toUtf8().constData(), method.toUtf8().constData(), arguments.get(), nullptr,
                   G_DBUS_CALL_FLAGS_NO_AUTO_START, forEver, nullptr, nullptr, nullptr);
    }
}

std::shared_ptr<void> SessionBus::listen(const QString &peer, const QString &path, const QString &interface,
                                         const QString &signal, const QString &argument,
                                         std::function<void(GVariant *)> heard) const
{
    if (!m_connection) {
        return {};
    }
    const guint id =
        gio().subscribe(m_connection.get(), peer.toUtf8().constData(), interface.toUtf8().constData(),
                        signal.toUtf8().constData(), orAny(path.toUtf8()), orAny(argument.toUtf8()),
                        G_DBUS_SIGNAL_FLAGS_NONE, onSignal, new Heard(std::move(heard)), freeHeard);
    const auto unsubscribe = [connection = m_connection, id](void *) {
        gio().unsubscribe(connection.get(), id);
    };
    return {m_connection.get(), unsubscribe};
}

} // namespace mooring::storage
