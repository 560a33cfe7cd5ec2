// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/kwalletopening.h"

#include <QCoreApplication>
#include <QDBusConnection>
#include <QDBusPendingCall>
#include <QDBusPendingCallWatcher>

#include <limits>

namespace mooring::storage {

using namespace Qt::StringLiterals;

namespace {

/// A wallet that needs no question is open before that: nobody is to be told of one then.
constexpr std::chrono::milliseconds silentOpening(250);

KWalletAnswer<int> handleFrom(const QDBusMessage &answer)
{
    const std::optional<int> handle = onlyValueOf<int>(answer);
    if (!handle) {
        return std::unexpected(kwalletTrouble(answer));
    }
    if (*handle < 0) {
        return std::unexpected(kwalletReport(KeychainState::Locked, u"access was refused"_s));
    }
    return *handle;
}

} // namespace

KWalletOpening::KWalletOpening(KeychainQuestions &questions, KeychainQuestion::Kind kind,
                               std::function<void(int)> onLateHandle)
    : m_questions(questions)
    , m_kind(kind)
    , m_onLateHandle(std::move(onLateHandle))
{
}

base::Task<KWalletAnswer<int>> KWalletOpening::run(QDBusMessage open, std::stop_token stop) const
{
    const KWalletAnswer<int> stopped =
        std::unexpected(kwalletReport(KeychainState::Locked, u"the wait for an answer was ended"_s));
    if (stop.stop_requested()) {
        co_return stopped;
    }
    const base::OneShot<KWalletAnswer<int>> over;
    const QDBusPendingCall pending =
        QDBusConnection::sessionBus().asyncCall(open, std::numeric_limits<int>::max());
    auto *watcher = new QDBusPendingCallWatcher(pending, QCoreApplication::instance());
    const auto onAnswer = [over, late = m_onLateHandle](QDBusPendingCallWatcher *call) {
        call->deleteLater();
        const KWalletAnswer<int> handle = handleFrom(call->reply());
        if (over.isResolved() && handle) {
            late(*handle);
        }
        over.resolve(handle);
    };
    QObject::connect(watcher, &QDBusPendingCallWatcher::finished, watcher, onAnswer);
    const auto onStop = [over, stopped] { over.resolve(stopped); };
    const std::stop_callback stopCallback(stop, onStop);
    std::optional<KeychainQuestions::Open> question;
    base::Deadline patience([this, &question] {
        question.emplace(m_questions, KeychainQuestion{KeychainProgram::KWallet, m_kind});
    });
    patience.start(silentOpening);
    KWalletAnswer<int> handle = co_await over;
    co_return handle;
}

} // namespace mooring::storage
