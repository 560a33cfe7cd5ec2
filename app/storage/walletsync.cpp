// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/walletsync.h"

#include "storage/keychainjobs.h"
#include "storage/kwalletopening.h"

namespace mooring::storage {

using namespace Qt::StringLiterals;
using base::Task;

namespace {

const JobResult nothingMoreToDo{JobOutcome::Done, {}, {}};

} // namespace

WalletSync::WalletSync(std::chrono::milliseconds deadline, KeychainQuestions &questions)
    : m_deadline(deadline)
    , m_questions(questions)
    , m_access(std::make_shared<KWalletAccess>())
{
}

Task<JobResult> WalletSync::run(QString owner, QString wallet, std::stop_token stop)
{
    const KWalletAccess closed{owner, wallet, -1};
    for (const int generation : {5, 6}) {
        const KWalletBus bus(generation);
        base::Deadline patience;
        patience.start(m_deadline);
        const QDBusMessage whetherOpen = bus.message(owner, u"isOpen"_s, {wallet});
        KWalletAnswer<bool> isOpen = co_await askKWallet<bool>(whetherOpen, &patience);
        if (!isOpen && isOpen.error().state == KeychainState::SwitchedOff) {
            continue; // It has nothing at this place.
        }
        if (!isOpen) {
            co_return kwalletResult(isOpen.error());
        }
        JobResult result = co_await runAt(&bus, closed, stop);
        if (result.outcome == JobOutcome::Failed) {
            // The wallet may have been closed and opened since the last time; then its old handle is no good.
            m_access->handle = -1;
            result = co_await runAt(&bus, closed, stop);
        }
        co_return result;
    }
    co_return nothingMoreToDo;
}

Task<JobResult> WalletSync::runAt(const KWalletBus *bus, KWalletAccess closed, std::stop_token stop)
{
    const KWalletAccess known{closed.owner, closed.wallet, m_access->handle};
    if (known.handle < 0 || known != *m_access) {
        *m_access = closed;
        KWalletAnswer<int> handle = co_await open(bus, closed, stop);
        if (!handle) {
            co_return kwalletResult(handle.error());
        }
        m_access->handle = *handle;
    }
    base::Deadline patience;
    patience.start(m_deadline);
    const KWalletFolder folder(*bus, *m_access, &patience);
    JobResult result = co_await folder.sync(nothingMoreToDo);
    co_return result;
}

/// It is open, so at most whether Mooring may use it is asked, where the person wants to be asked that.
Task<KWalletAnswer<int>> WalletSync::open(const KWalletBus *bus, KWalletAccess closed, std::stop_token stop)
{
    const auto adopt = [known = std::weak_ptr(m_access), closed](int handle) {
        const std::shared_ptr<KWalletAccess> access = known.lock();
        if (access && *access == closed) {
            access->handle = handle;
        }
    };
    const KWalletOpening opening(m_questions, KeychainQuestion::Kind::Permission, adopt);
    const qlonglong noWindow = 0;
    const QString application = keychainServiceName;
    const QDBusMessage request =
        bus->message(closed.owner, u"open"_s, {closed.wallet, noWindow, application});
    KWalletAnswer<int> handle = co_await opening.run(request, stop);
    co_return handle;
}

} // namespace mooring::storage
