// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusObjectPath>
#include <QDBusVirtualObject>
#include <QMap>
#include <QSet>
#include <QStringList>

#include <chrono>
#include <optional>

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
        QString label = {};
        QString contentType = {};
    };

    /// `name`: its own, where there are two in one test.
    explicit FakeSecretService(const QString &name = QStringLiteral("fake-secret-service"));
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
    /// Like KeePassXC: whoever hasn't made an item needs the person's permission for it, each connection for
    /// itself. What the person allows is for once, if so set.
    bool asksPermission = false;
    bool allowsOnce = false;
    /// A prompt comes before an item is made, or goes.
    bool asksToCreate = false;
    bool asksToDelete = false;
    /// Each prompt says twice that it is over.
    bool completesTwice = false;
    /// Sessions are forgotten, as when the person has ended them in the program.
    void forgetSessions() { m_sessions.clear(); }
    QMap<QDBusObjectPath, Item> items;
    /// Members that were called, in order.
    QStringList calls;
    QStringList unlockRequests;

    QString introspect(const QString &path) const override;
    bool handleMessage(const QDBusMessage &message, const QDBusConnection &connection) override;

private:
    QDBusMessage answerTo(const QDBusMessage &message);
    QString errorFor(const QDBusMessage &message);
    QVariantList valuesFor(const QDBusMessage &message);
    QVariantList serviceValues(const QDBusMessage &message);
    QVariantList itemValues(const QDBusMessage &message);
    QVariantList propertyFor(const QDBusMessage &message) const;
    QVariantList unlock(const QDBusMessage &message);
    QDBusObjectPath collection() const;
    QVariantList searchItems(const QDBusMessage &message) const;
    QVariantList createItem(const QDBusMessage &message);
    QVariantList getSecrets(const QDBusMessage &message) const;
    QDBusObjectPath keep(Item item, const QString &maker);
    void store(const QDBusObjectPath &path, Item item);
    bool mayUse(const QString &who, const QDBusObjectPath &path) const;
    void answerPrompt();

    /// What the open prompt is about.
    struct Asked {
        QString who;
        QList<QDBusObjectPath> paths;
        std::optional<Item> newItem;
        bool isDeletion = false;
    };

    QDBusConnection m_bus;
    QString m_busName;
    int m_created = 0;
    Asked m_asked;
    /// By connection; those of the second are used up with the next access.
    QMap<QString, QSet<QDBusObjectPath>> m_allowed;
    QMap<QString, QSet<QDBusObjectPath>> m_allowedOnce;
    QSet<QString> m_sessions;
};

} // namespace mooring::support
