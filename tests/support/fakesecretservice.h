// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusObjectPath>
#include <QDBusVirtualObject>
#include <QMap>
#include <QStringList>

#include <chrono>

namespace mooring::support {

/// A Secret Service that behaves as a test wants: one collection at most, items, a prompt, and moods. It
/// speaks the real protocol with plain sessions, so libsecret, and with it QtKeychain, works with it.
class FakeSecretService final : public QDBusVirtualObject {
public:
    /// What the person does with a prompt; None leaves it open.
    enum class Answer { None, Accept, Dismiss };
    /// What becomes of a value that is written; each is answered as a success. Drops leaves the old one.
    enum class Memory { Keeps, Drops, Loses, Truncates, Garbles };

    struct Item {
        QMap<QString, QString> attributes;
        QByteArray value;
    };

    FakeSecretService();
    ~FakeSecretService() override;

    /// Takes the name on the bus, or gives it back.
    void start();
    void stop();
    /// The values under the keys of Mooring.
    QMap<QString, QByteArray> values() const;

    bool hasCollection = true;
    /// The last part of the collection's path.
    QString collectionName;
    /// For so many times there is no collection although there is one, as gnome-keyring says in a crowd.
    int overlooked = 0;
    bool isLocked = false;
    /// No call is answered at all.
    bool isSilent = false;
    /// Each call, or each of that member, is answered so late.
    std::chrono::milliseconds delay = std::chrono::milliseconds(0);
    QString delayed;
    /// Nothing may be written or removed, although it is unlocked.
    bool deniesWriting = false;
    /// The D-Bus error that says so.
    QString denial;
    Memory memory = Memory::Keeps;
    /// So many writes are kept well before `memory` counts.
    int keptWell = 0;
    /// Paths of items that SearchItems reports as locked, whatever is asked for.
    QStringList lockedItems;
    Answer answer = Answer::Accept;
    QMap<QDBusObjectPath, Item> items;
    /// Members that were called, in order.
    QStringList calls;
    QStringList unlockRequests;

    QString introspect(const QString &path) const override;
    bool handleMessage(const QDBusMessage &message, const QDBusConnection &connection) override;

private:
    QDBusMessage answerTo(const QDBusMessage &message);
    QVariantList valuesFor(const QDBusMessage &message);
    QDBusObjectPath collection() const;
    QVariantList searchItems(const QDBusMessage &message) const;
    QVariantList createItem(const QDBusMessage &message);
    QVariantList getSecrets(const QDBusMessage &message) const;
    void answerPrompt();

    QDBusConnection m_bus;
    int m_created = 0;
};

} // namespace mooring::support
