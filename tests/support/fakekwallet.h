// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusVirtualObject>
#include <QMap>
#include <QStringList>

#include <chrono>
#include <optional>

namespace mooring::support {

/// A KWallet 5 that behaves as a test wants: what the real one can't be made to do. One wallet, one folder.
class FakeKWallet final : public QDBusVirtualObject {
public:
    /// What the person does with a question; None leaves it open until answerNow().
    enum class Answer { None, Accept, Refuse };

    struct Entry {
        int type = 1; ///< 1 password, 2 bytes, 3 map
        QByteArray value;
    };

    FakeKWallet();
    ~FakeKWallet() override;

    /// Takes the name on the bus.
    void start();
    /// Leaves the bus, as a program that has ended; calls without an answer are lost with it. For good.
    void die();
    /// The person answers what has stayed open.
    void answerNow(Answer given);
    /// The person closes the wallet: no handle is good any more.
    void closeWallet();

    bool isEnabled = true;
    bool isOpen = true;
    /// There is a wallet on the disk.
    bool exists = true;
    /// An open wallet, too, is given to a program only after a question.
    bool asksForPermission = false;
    Answer answer = Answer::Accept;
    /// Calls of that member get no answer, one of another type, two, or a late one.
    QString mute;
    QString wrong;
    QString doubled;
    QString delayed;
    std::chrono::milliseconds delay = std::chrono::milliseconds(0);
    /// In that member the person closes the wallet, once.
    QString closesIn;
    QMap<QString, Entry> entries;
    bool hasFolder = false;
    /// Members that were called, in order.
    QStringList calls;

    QString introspect(const QString &path) const override;
    bool handleMessage(const QDBusMessage &message, const QDBusConnection &connection) override;

private:
    void send(const QDBusMessage &message);
    std::optional<QVariant> valueFor(const QDBusMessage &message);
    QVariant inWallet(const QString &member, const QVariantList &arguments);
    QVariant ofItem(const QString &member, const QVariantList &arguments);
    std::optional<QVariant> open(const QDBusMessage &message);
    int accept();

    QDBusConnection m_bus;
    QList<QDBusMessage> m_questions;
    int m_handle = 7;
    bool m_isUser = false;
};

} // namespace mooring::support
