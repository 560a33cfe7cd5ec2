// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/kwallet.h"

#include "storage/keychainerrors.h"
#include "storage/keychainjobs.h"
#include "storage/kwalletopening.h"

#include <QDBusConnection>

namespace mooring::storage {

using namespace Qt::StringLiterals;
using base::failed;
using base::Result;
using base::Task;

namespace {

const QString application = keychainServiceName;
/// What the records of each version hold.
const auto identity = u"KWallet"_s;
/// A program that is just ending, or just starting, is not yet what it is going to be.
constexpr std::chrono::milliseconds beforeAnotherLook(50);

/// What a job calls locked was refused by the person, or nobody was asked.
base::Error refusalOf(const KeychainReport &report)
{
    return report.state == KeychainState::Locked
               ? keychainFailure(base::KeychainCase::Denied, report.detail, report.program)
               : failureOf(report);
}

} // namespace

KWallet::KWallet(int generation, std::chrono::milliseconds deadline, KeychainQuestions &questions)
    : m_bus(generation)
    , m_deadline(deadline)
    , m_questions(questions)
    , m_access(std::make_shared<KWalletAccess>())
{
}

KWallet::~KWallet()
{
    if (m_access->handle >= 0) {
        // For people whose wallet closes after its last user. Nobody waits for the answer.
        const bool evenIfOthersUseIt = false;
        QDBusConnection::sessionBus().send(
            m_bus.message(m_access->owner, u"close"_s, {m_access->handle, evenIfOthersUseIt, application}));
    }
}

Task<KeychainReport> KWallet::look([[maybe_unused]] QString key)
{
    base::Deadline whole;
    whole.start(m_deadline);
    KeychainReport report = co_await lookOnce(&whole);
    // One that this process has never met, such as the other generation's, is not waited for.
    const bool wasThere = !m_access->owner.isEmpty();
    const bool mayBeOnTheWay =
        report.state == KeychainState::SwitchedOff || (report.state == KeychainState::Missing && wasThere);
    if (mayBeOnTheWay) {
        co_await base::sleepFor(beforeAnotherLook, {});
        report = co_await lookOnce(&whole);
    }
    co_return report;
}

Task<bool> KWallet::isRunning()
{
    return isOnTheBus(m_bus.service(), m_deadline);
}

Task<KeychainReport> KWallet::lookOnce(const base::Deadline *deadline) const
{
    KWalletAnswer<QString> owner = co_await m_bus.owner(deadline);
    if (!owner) {
        co_return owner.error();
    }
    const QDBusMessage whetherEnabled = m_bus.message(*owner, u"isEnabled"_s, {});
    KWalletAnswer<bool> enabled = co_await askKWallet<bool>(whetherEnabled, deadline);
    if (!enabled && enabled.error().state == KeychainState::Missing) {
        // It is there, but doesn't stay: its settings say so, and then it ends.
        co_return kwalletReport(KeychainState::SwitchedOff, enabled.error().detail);
    }
    if (!enabled || !*enabled) {
        co_return enabled ? kwalletReport(KeychainState::SwitchedOff) : enabled.error();
    }
    const QDBusMessage which = m_bus.message(*owner, u"networkWallet"_s, {});
    KWalletAnswer<QString> wallet = co_await askKWallet<QString>(which, deadline);
    if (!wallet) {
        co_return wallet.error();
    }
    const QDBusMessage whetherOpen = m_bus.message(*owner, u"isOpen"_s, {*wallet});
    KWalletAnswer<bool> open = co_await askKWallet<bool>(whetherOpen, deadline);
    if (!open) {
        co_return open.error();
    }
    KeychainReport report = kwalletReport(*open ? KeychainState::Unlocked : KeychainState::Asks);
    report.identity = identity;
    co_return report;
}

Task<JobResult> KWallet::read(QString key, std::stop_token stop)
{
    const Job job = [key](const KWalletFolder *folder) { return folder->read(key); };
    return run(job, std::move(stop));
}

Task<JobResult> KWallet::write(QString key, QString text, QString label, std::stop_token stop)
{
    const Job job = [key, text, label](const KWalletFolder *folder) {
        return folder->write(key, text, label);
    };
    return run(job, std::move(stop));
}

Task<JobResult> KWallet::remove(QString key, std::stop_token stop)
{
    const Job job = [key](const KWalletFolder *folder) { return folder->remove(key); };
    return run(job, std::move(stop));
}

/// Once more if KWallet has ended meanwhile, or its wallet was closed. Doing a job twice does no harm.
Task<JobResult> KWallet::run(Job job, std::stop_token stop)
{
    JobResult result = co_await runOnce(job, stop);
    if (result.outcome == JobOutcome::Failed || result.outcome == JobOutcome::NoService) {
        co_await base::sleepFor(beforeAnotherLook, {});
        result = co_await runOnce(job, stop);
    }
    co_return result;
}

Task<JobResult> KWallet::runOnce(Job job, std::stop_token stop)
{
    base::Deadline patience;
    patience.start(m_deadline);
    KWalletAnswer<KWalletAccess> access = co_await open(Asking::Allowed, &patience, stop);
    if (!access) {
        co_return kwalletResult(access.error());
    }
    const KWalletFolder folder(m_bus, *access, &patience);
    JobResult result = co_await job(&folder);
    co_return result;
}

Task<KWalletAnswer<KWalletAccess>> KWallet::open(Asking asking, base::Deadline *deadline,
                                                 std::stop_token stop)
{
    KWalletAnswer<QString> owner = co_await m_bus.owner(deadline);
    if (!owner) {
        co_return std::unexpected(owner.error());
    }
    const QDBusMessage which = m_bus.message(*owner, u"networkWallet"_s, {});
    KWalletAnswer<QString> wallet = co_await askKWallet<QString>(which, deadline);
    if (!wallet) {
        co_return std::unexpected(wallet.error());
    }
    const KWalletAccess known{*owner, *wallet, m_access->handle};
    if (known.handle >= 0 && known == *m_access) {
        const KWalletFolder folder(m_bus, known, deadline);
        KWalletAnswer<bool> isOpen = co_await folder.isOpen();
        if (!isOpen) {
            co_return std::unexpected(isOpen.error());
        }
        if (*isOpen) {
            co_return KWalletAnswer<KWalletAccess>(known);
        }
    }
    const KWalletAccess closed{*owner, *wallet, -1};
    *m_access = closed;
    KWalletAnswer<KWalletAccess> opened = co_await openAnew(closed, asking, deadline, stop);
    co_return opened;
}

/// What KWallet may ask when it is told to open this wallet.
Task<KWalletAnswer<KeychainQuestion::Kind>> KWallet::questionFor(KWalletAccess closed, Asking asking,
                                                                 const base::Deadline *deadline) const
{
    using Kind = KeychainQuestion::Kind;
    const QDBusMessage whether = m_bus.message(closed.owner, u"isOpen"_s, {closed.wallet});
    KWalletAnswer<bool> isOpen = co_await askKWallet<bool>(whether, deadline);
    const QDBusMessage which = m_bus.message(closed.owner, u"wallets"_s, {});
    KWalletAnswer<QStringList> wallets = co_await askKWallet<QStringList>(which, deadline);
    if (!isOpen || !wallets) {
        co_return std::unexpected(isOpen ? wallets.error() : isOpen.error());
    }
    if (!*isOpen && asking == Asking::Never) {
        co_return std::unexpected(kwalletReport(KeychainState::Asks, u"the wallet is closed"_s));
    }
    co_return *isOpen                  ? Kind::Permission
    : wallets->contains(closed.wallet) ? Kind::Password
                                       : Kind::NewKeyring;
}

Task<KWalletAnswer<KWalletAccess>> KWallet::openAnew(KWalletAccess closed, Asking asking,
                                                     base::Deadline *deadline, std::stop_token stop)
{
    KWalletAnswer<KeychainQuestion::Kind> kind = co_await questionFor(closed, asking, deadline);
    if (!kind) {
        co_return std::unexpected(kind.error());
    }
    const auto adopt = [known = std::weak_ptr(m_access), closed](int handle) {
        const std::shared_ptr<KWalletAccess> access = known.lock();
        if (access && *access == closed) {
            access->handle = handle;
        }
    };
    // An open wallet, too, may be given to Mooring only after a question, if the person wants it so.
    std::stop_source patienceIsOver;
    base::Deadline limit([&patienceIsOver] { patienceIsOver.request_stop(); });
    if (asking == Asking::Never) {
        stop = patienceIsOver.get_token();
        limit.start(deadline->left());
    }
    const KWalletOpening opening(m_questions, *kind, adopt);
    const qlonglong noWindow = 0;
    const QDBusMessage request =
        m_bus.message(closed.owner, u"open"_s, {closed.wallet, noWindow, application});
    KWalletAnswer<int> handle = co_await opening.run(request, stop);
    if (!handle) {
        co_return std::unexpected(handle.error());
    }
    deadline->start(m_deadline);
    m_access->handle = *handle;
    KWalletAccess opened = *m_access;
    co_return KWalletAnswer<KWalletAccess>(opened);
}

Task<Result<void>> KWallet::unlock(std::stop_token stop)
{
    base::Deadline patience;
    patience.start(m_deadline);
    KWalletAnswer<KWalletAccess> access = co_await open(Asking::Allowed, &patience, stop);
    if (!access && stop.stop_requested()) {
        co_return failed(base::cancelledError());
    }
    if (!access) {
        co_return failed(refusalOf(access.error()));
    }
    co_return Result<void>();
}

Task<void> KWallet::relabel(QString key, QString label)
{
    base::Deadline patience;
    patience.start(m_deadline);
    KWalletAnswer<KWalletAccess> access = co_await open(Asking::Never, &patience, {});
    if (access) {
        const KWalletFolder folder(m_bus, *access, &patience);
        co_await folder.relabel(key, label);
    }
}

} // namespace mooring::storage
