// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/secretprompt.h"

#include "storage/keychainerrors.h"

#include <QDBusError>
#include <QDBusMessage>
#include <QDBusPendingCall>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>

namespace mooring::storage {

using namespace Qt::StringLiterals;
using base::failed;
using base::KeychainCase;
using base::Result;

namespace {

const auto secretService = u"org.freedesktop.secrets"_s;
const auto promptInterface = u"org.freedesktop.Secret.Prompt"_s;

} // namespace

SecretPrompt::SecretPrompt(const QDBusConnection &bus, const QString &path)
    : m_bus(bus)
    , m_path(path)
    , m_serviceWatcher(secretService, bus, QDBusServiceWatcher::WatchForUnregistration)
{
    connect(&m_serviceWatcher, &QDBusServiceWatcher::serviceUnregistered, this, [this] {
        m_over.resolve(
            failed(keychainFailure(KeychainCase::Failed, u"the service went away while it asked"_s)));
    });
}

base::Task<Result<void>> SecretPrompt::show(std::stop_token stop)
{
    m_bus.connect(secretService, m_path, promptInterface, u"Completed"_s, this,
                  SLOT(onCompleted(bool, QDBusVariant)));
    const auto onStop = [this] {
        dismiss();
        m_over.resolve(failed(base::cancelledError()));
    };
    const std::stop_callback stopCallback(stop, onStop);
    QDBusMessage message =
        QDBusMessage::createMethodCall(secretService, m_path, promptInterface, u"Prompt"_s);
    message << QString(); // the window to be shown above: none that the service could know
    const auto watcher = new QDBusPendingCallWatcher(m_bus.asyncCall(message), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this](QDBusPendingCallWatcher *call) {
        const QDBusPendingReply<> reply = *call;
        // Some services answer only when the person has; then the signal is what counts.
        if (reply.isError() && reply.error().type() != QDBusError::NoReply) {
            m_over.resolve(failed(keychainFailure(KeychainCase::Failed, reply.error().message())));
        }
    });
    Result<void> over = co_await m_over;
    co_return over;
}

void SecretPrompt::onCompleted([[maybe_unused]] bool dismissed, [[maybe_unused]] const QDBusVariant &result)
{
    // Whether it helped is asked of the keyring itself: services differ in what they report here.
    m_over.resolve(Result<void>());
}

void SecretPrompt::dismiss()
{
    m_bus.asyncCall(QDBusMessage::createMethodCall(secretService, m_path, promptInterface, u"Dismiss"_s));
}

} // namespace mooring::storage
