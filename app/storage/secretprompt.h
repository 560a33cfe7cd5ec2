// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/task.h"

#include <QDBusConnection>
#include <QDBusServiceWatcher>
#include <QObject>

#include <stop_token>

class QDBusVariant;

namespace mooring::storage {

/// One prompt of the Secret Service, from showing it until the person has answered.
class SecretPrompt final : public QObject {
    Q_OBJECT

public:
    SecretPrompt(const QDBusConnection &bus, const QString &path);

    /// Ends when the prompt is gone, whatever the person chose; Failed if the service goes away or
    /// can't show it. A stop closes the prompt. Call it once.
    base::Task<base::Result<void>> show(std::stop_token stop);

private Q_SLOTS:
    void onCompleted(bool dismissed, const QDBusVariant &result);

private:
    void dismiss();

    QDBusConnection m_bus;
    QString m_path;
    QDBusServiceWatcher m_serviceWatcher;
    base::OneShot<base::Result<void>> m_over;
};

} // namespace mooring::storage
