// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/secretpeer.h"

#include <QFile>

#include <glib.h>

#include <array>

namespace mooring::storage {

using namespace Qt::StringLiterals;
using base::Deadline;
using base::Task;
template <typename T>
using Answer = SecretAnswer<T>;

namespace {

const auto serviceInterface = u"org.freedesktop.Secret.Service"_s;
const auto collectionInterface = u"org.freedesktop.Secret.Collection"_s;
const auto itemInterface = u"org.freedesktop.Secret.Item"_s;
const auto propertiesInterface = u"org.freedesktop.DBus.Properties"_s;
/// libsecret reads a text only if it is of this very type.
constexpr auto contentType = "text/plain";

std::unexpected<KeychainReport> failure(const BusReply &reply)
{
    const QString &name = reply.error;
    if (name.isEmpty()) {
        return std::unexpected(KeychainReport{KeychainState::Failed, u"an answer that makes no sense"_s});
    }
    // What the bus says when nobody has the name and nothing can be started for it.
    const bool nobody = name == "org.freedesktop.DBus.Error.ServiceUnknown"_L1
                        || name == "org.freedesktop.DBus.Error.NameHasNoOwner"_L1
                        || name.startsWith("org.freedesktop.DBus.Error.Spawn."_L1);
    const bool isLate = name == "org.freedesktop.DBus.Error.NoReply"_L1
                        || name == "org.freedesktop.DBus.Error.Timeout"_L1
                        || name == "org.freedesktop.DBus.Error.TimedOut"_L1;
    const bool isLocked = name == "org.freedesktop.Secret.Error.IsLocked"_L1;
    const KeychainState state = nobody     ? KeychainState::Missing
                                : isLate   ? KeychainState::Slow
                                : isLocked ? KeychainState::Locked
                                           : KeychainState::Failed;
    return std::unexpected(KeychainReport{state, name + ": "_L1 + reply.words});
}

bool hasType(const BusReply &reply, const char *type)
{
    return reply.values && g_variant_is_of_type(reply.values.get(), G_VARIANT_TYPE(type));
}

QByteArray utf8(const QString &text)
{
    return text.toUtf8();
}

BusValue textTuple(const QString &text)
{
    return busValue(g_variant_new("(s)", utf8(text).constData()));
}

GVariant *pathArray(const QStringList &paths)
{
    GVariantBuilder builder;
    g_variant_builder_init(&builder, G_VARIANT_TYPE("ao"));
    for (const QString &path : paths) {
        g_variant_builder_add(&builder, "o", utf8(path).constData());
    }
    return g_variant_builder_end(&builder);
}

BusValue childOf(const BusValue &tuple, gsize index)
{
    return busValue(g_variant_get_child_value(tuple.get(), index));
}

/// What stands in the variant of a property.
BusValue inside(const BusReply &reply)
{
    return busValue(g_variant_get_variant(childOf(reply.values, 0).get()));
}

QString textOf(const BusValue &value)
{
    return QString::fromUtf8(g_variant_get_string(value.get(), nullptr));
}

QStringList pathsOf(const BusValue &array)
{
    QStringList paths;
    for (gsize index = 0; index < g_variant_n_children(array.get()); ++index) {
        paths << textOf(childOf(array, index));
    }
    return paths;
}

Answer<QString> textIn(const BusReply &reply, const char *type, gsize index)
{
    if (!hasType(reply, type)) {
        return failure(reply);
    }
    return textOf(childOf(reply.values, index));
}

/// The names that nobody but these programs takes, with the file names of their programs, cut off as the
/// kernel does it.
struct Known {
    QLatin1StringView busName;
    QLatin1StringView process;
    KeychainProgram program;
};
constexpr std::array known{
    Known{"org.gnome.keyring"_L1, "gnome-keyring-d"_L1, KeychainProgram::GnomeKeyring},
    Known{"org.keepassxc.KeePassXC.MainWindow"_L1, "keepassxc"_L1, KeychainProgram::KeePassXC},
    Known{"org.kde.kwalletd6"_L1, "kwalletd6"_L1, KeychainProgram::KWallet},
    Known{"org.kde.kwalletd5"_L1, "kwalletd5"_L1, KeychainProgram::KWallet},
    Known{"org.kde.ksecretd"_L1, "ksecretd"_L1, KeychainProgram::KWallet},
};

/// The short name of a process; empty if that isn't told, in a sandbox for instance.
QString processName(quint32 pid)
{
    QFile file(u"/proc/%1/comm"_s.arg(pid));
    if (!file.open(QIODevice::ReadOnly)) {
        return {};
    }
    return QString::fromUtf8(file.readAll().trimmed());
}

} // namespace

Task<KeychainProgram> SecretPeer::programOf(SessionBus bus, QString address, const Deadline *deadline)
{
    for (const Known &candidate : known) {
        BusValue name = textTuple(candidate.busName);
        BusReply owner = co_await bus.callBus(u"GetNameOwner"_s, name, deadline);
        if (hasType(owner, "(s)") && textOf(childOf(owner.values, 0)) == address) {
            co_return candidate.program;
        }
    }
    BusValue who = textTuple(address);
    BusReply process = co_await bus.callBus(u"GetConnectionUnixProcessID"_s, who, deadline);
    if (hasType(process, "(u)")) {
        guint32 pid = 0;
        g_variant_get(process.values.get(), "(u)", &pid);
        const QString name = processName(pid);
        for (const Known &candidate : known) {
            if (name == candidate.process) {
                co_return candidate.program;
            }
        }
    }
    co_return KeychainProgram::Unknown;
}

namespace {

/// NameHasNoOwner if nobody has it and nobody can be started.
Task<BusReply> startOwner(SessionBus bus, QString name, const Deadline *deadline)
{
    const BusValue nothing;
    BusReply list = co_await bus.callBus(u"ListActivatableNames"_s, nothing, deadline);
    if (!hasType(list, "(as)")) {
        co_return list;
    }
    if (!pathsOf(childOf(list.values, 0)).contains(name)) {
        co_return BusReply{{}, u"org.freedesktop.DBus.Error.NameHasNoOwner"_s, u"nobody offers "_s + name};
    }
    BusValue arguments = busValue(g_variant_new("(su)", utf8(name).constData(), 0U));
    BusReply started = co_await bus.callBus(u"StartServiceByName"_s, arguments, deadline);
    co_return started;
}

} // namespace

Task<Answer<SecretPeer>> SecretPeer::find(QString name, SecretPeer last, const Deadline *deadline)
{
    SecretPeer peer;
    peer.m_name = name;
    peer.m_bus = co_await SessionBus::connect(deadline);
    if (!peer.m_bus.isConnected()) {
        co_return failure(peer.m_bus.connectionError());
    }
    BusValue wanted = textTuple(name);
    BusReply owner = co_await peer.m_bus.callBus(u"GetNameOwner"_s, wanted, deadline);
    if (owner.error == "org.freedesktop.DBus.Error.NameHasNoOwner"_L1) {
        BusReply started = co_await startOwner(peer.m_bus, name, deadline);
        if (!started.values) {
            co_return failure(started);
        }
        owner = co_await peer.m_bus.callBus(u"GetNameOwner"_s, wanted, deadline);
    }
    if (!hasType(owner, "(s)")) {
        co_return failure(owner);
    }
    peer.m_address = textOf(childOf(owner.values, 0));
    peer.m_program = last.m_program;
    if (peer.m_address != last.m_address) {
        peer.m_program = co_await programOf(peer.m_bus, peer.m_address, deadline);
    }
    co_return Answer<SecretPeer>(peer);
}

Task<BusReply> SecretPeer::callService(QString method, BusValue arguments, const Deadline *deadline) const
{
    return m_bus.call(m_address, u"/org/freedesktop/secrets"_s, serviceInterface, std::move(method),
                      std::move(arguments), deadline);
}

Task<BusReply> SecretPeer::property(QString path, QString interface, QString name,
                                    const Deadline *deadline) const
{
    const BusValue arguments =
        busValue(g_variant_new("(ss)", utf8(interface).constData(), utf8(name).constData()));
    return m_bus.call(m_address, std::move(path), propertiesInterface, u"Get"_s, arguments, deadline);
}

Task<Answer<QString>> SecretPeer::defaultCollection(const Deadline *deadline) const
{
    const BusValue arguments = textTuple(u"default"_s);
    BusReply reply = co_await callService(u"ReadAlias"_s, arguments, deadline);
    co_return textIn(reply, "(o)", 0);
}

Task<Answer<bool>> SecretPeer::isCollectionLocked(QString collection, const Deadline *deadline) const
{
    BusReply reply = co_await property(collection, collectionInterface, u"Locked"_s, deadline);
    if (!hasType(reply, "(v)")) {
        co_return failure(reply);
    }
    const BusValue value = inside(reply);
    if (!g_variant_is_of_type(value.get(), G_VARIANT_TYPE_BOOLEAN)) {
        co_return failure({});
    }
    co_return Answer<bool>(g_variant_get_boolean(value.get()) != 0);
}

Task<Answer<SecretPeer::Items>> SecretPeer::search(Attributes attributes, const Deadline *deadline) const
{
    GVariantBuilder builder;
    g_variant_builder_init(&builder, G_VARIANT_TYPE("a{ss}"));
    for (const auto &[name, value] : attributes.asKeyValueRange()) {
        g_variant_builder_add(&builder, "{ss}", utf8(name).constData(), utf8(value).constData());
    }
    const BusValue arguments = busValue(g_variant_new("(a{ss})", &builder));
    BusReply reply = co_await callService(u"SearchItems"_s, arguments, deadline);
    if (!hasType(reply, "(aoao)")) {
        co_return failure(reply);
    }
    co_return Answer<Items>(Items{pathsOf(childOf(reply.values, 0)), pathsOf(childOf(reply.values, 1))});
}

Task<Answer<QString>> SecretPeer::unlock(QStringList paths, const Deadline *deadline) const
{
    const BusValue arguments = busValue(g_variant_new("(@ao)", pathArray(paths)));
    BusReply reply = co_await callService(u"Unlock"_s, arguments, deadline);
    co_return textIn(reply, "(aoo)", 1);
}

Task<Answer<QString>> SecretPeer::createDefaultCollection(QString label, const Deadline *deadline) const
{
    GVariantBuilder properties;
    g_variant_builder_init(&properties, G_VARIANT_TYPE("a{sv}"));
    g_variant_builder_add(&properties, "{sv}", "org.freedesktop.Secret.Collection.Label",
                          g_variant_new_string(utf8(label).constData()));
    const BusValue arguments = busValue(g_variant_new("(a{sv}s)", &properties, "default"));
    BusReply reply = co_await callService(u"CreateCollection"_s, arguments, deadline);
    co_return textIn(reply, "(oo)", 1);
}

Task<Answer<QString>> SecretPeer::remove(QString item, const Deadline *deadline) const
{
    const BusValue nothing;
    BusReply reply = co_await m_bus.call(m_address, item, itemInterface, u"Delete"_s, nothing, deadline);
    co_return textIn(reply, "(o)", 0);
}

Task<Answer<QString>> SecretPeer::openSession(const Deadline *deadline) const
{
    const BusValue arguments = busValue(g_variant_new("(sv)", "plain", g_variant_new_string("")));
    BusReply reply = co_await callService(u"OpenSession"_s, arguments, deadline);
    co_return textIn(reply, "(vo)", 1);
}

Task<Answer<QByteArray>> SecretPeer::secret(QString item, QString session, const Deadline *deadline) const
{
    const BusValue arguments = busValue(g_variant_new("(o)", utf8(session).constData()));
    BusReply reply = co_await m_bus.call(m_address, item, itemInterface, u"GetSecret"_s, arguments, deadline);
    if (!hasType(reply, "((oayays))")) {
        co_return failure(reply);
    }
    const BusValue value = childOf(childOf(reply.values, 0), 2);
    gsize size = 0;
    const void *bytes = g_variant_get_fixed_array(value.get(), &size, 1);
    co_return Answer<QByteArray>(QByteArray(static_cast<const char *>(bytes), static_cast<qsizetype>(size)));
}

Task<Answer<void>> SecretPeer::setSecret(QString item, QString session, QByteArray text,
                                         const Deadline *deadline) const
{
    GVariant *value =
        g_variant_new_fixed_array(G_VARIANT_TYPE_BYTE, text.constData(), static_cast<gsize>(text.size()), 1);
    GVariant *parameters = g_variant_new_fixed_array(G_VARIANT_TYPE_BYTE, nullptr, 0, 1);
    const BusValue arguments =
        busValue(g_variant_new("((o@ay@ays))", utf8(session).constData(), parameters, value, contentType));
    BusReply reply = co_await m_bus.call(m_address, item, itemInterface, u"SetSecret"_s, arguments, deadline);
    if (!reply.values) {
        co_return failure(reply);
    }
    co_return Answer<void>();
}

Task<Answer<QString>> SecretPeer::createItem(QString collection, Attributes attributes, QString label,
                                             QString session, QByteArray text, const Deadline *deadline) const
{
    attributes.insert(u"xdg:schema"_s, u"org.qt.keychain"_s); // libsecret's way to tell kinds of items apart
    GVariantBuilder pairs;
    g_variant_builder_init(&pairs, G_VARIANT_TYPE("a{ss}"));
    for (const auto &[name, value] : attributes.asKeyValueRange()) {
        g_variant_builder_add(&pairs, "{ss}", utf8(name).constData(), utf8(value).constData());
    }
    GVariantBuilder properties;
    g_variant_builder_init(&properties, G_VARIANT_TYPE("a{sv}"));
    g_variant_builder_add(&properties, "{sv}", "org.freedesktop.Secret.Item.Label",
                          g_variant_new_string(utf8(label).constData()));
    g_variant_builder_add(&properties, "{sv}", "org.freedesktop.Secret.Item.Attributes",
                          g_variant_builder_end(&pairs));
    GVariant *value =
        g_variant_new_fixed_array(G_VARIANT_TYPE_BYTE, text.constData(), static_cast<gsize>(text.size()), 1);
    GVariant *parameters = g_variant_new_fixed_array(G_VARIANT_TYPE_BYTE, nullptr, 0, 1);
    const gboolean replaces = 0;
    const BusValue arguments =
        busValue(g_variant_new("(a{sv}(o@ay@ays)b)", &properties, utf8(session).constData(), parameters,
                               value, contentType, replaces));
    BusReply reply =
        co_await m_bus.call(m_address, collection, collectionInterface, u"CreateItem"_s, arguments, deadline);
    co_return textIn(reply, "(oo)", 1);
}

Task<Answer<QString>> SecretPeer::label(QString item, const Deadline *deadline) const
{
    BusReply reply = co_await property(item, itemInterface, u"Label"_s, deadline);
    if (!hasType(reply, "(v)")) {
        co_return failure(reply);
    }
    const BusValue value = inside(reply);
    if (!g_variant_is_of_type(value.get(), G_VARIANT_TYPE_STRING)) {
        co_return failure({});
    }
    co_return Answer<QString>(textOf(value));
}

Task<Answer<void>> SecretPeer::setLabel(QString item, QString label, const Deadline *deadline) const
{
    const BusValue arguments = busValue(g_variant_new("(ssv)", utf8(itemInterface).constData(), "Label",
                                                      g_variant_new_string(utf8(label).constData())));
    BusReply reply = co_await m_bus.call(m_address, item, propertiesInterface, u"Set"_s, arguments, deadline);
    if (!reply.values) {
        co_return failure(reply);
    }
    co_return Answer<void>();
}

Task<bool> SecretPeer::isWalletOpen(QString wallet, const Deadline *deadline) const
{
    const QStringList paths{u"/modules/kwalletd5"_s, u"/modules/kwalletd6"_s};
    for (const QString &path : paths) {
        const BusValue arguments = textTuple(wallet);
        BusReply reply =
            co_await m_bus.call(m_address, path, u"org.kde.KWallet"_s, u"isOpen"_s, arguments, deadline);
        if (hasType(reply, "(b)")) {
            co_return g_variant_get_boolean(childOf(reply.values, 0).get()) != 0;
        }
    }
    co_return false;
}

} // namespace mooring::storage
