// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusVirtualObject>
#include <QStringList>

namespace mooring::storage {

/// A Secret Service that behaves as a test wants: one collection at most, a prompt, and silences.
class FakeSecretService final : public QDBusVirtualObject {
public:
    enum class Answer { None, Accept, Dismiss };

    FakeSecretService();
    ~FakeSecretService() override;

    /// Takes the name on the bus, or gives it back.
    void start();
    void stop();

    bool hasCollection = true;
    /// For so many times there is no collection although there is one, as gnome-keyring says in a crowd.
    int overlooked = 0;
    bool isLocked = false;
    /// No call is answered at all.
    bool isSilent = false;
    /// Paths of items that SearchItems reports as locked.
    QStringList lockedItems;
    /// What the person does with a prompt; None leaves it open.
    Answer answer = Answer::Accept;
    /// Members that were called, in order.
    QStringList calls;
    QStringList unlockRequests;

    QString introspect(const QString &path) const override;
    bool handleMessage(const QDBusMessage &message, const QDBusConnection &connection) override;

private:
    QVariantList answerTo(const QDBusMessage &message);
    void answerPrompt();

    QDBusConnection m_bus;
};

} // namespace mooring::storage
