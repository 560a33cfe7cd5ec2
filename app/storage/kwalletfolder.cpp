// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/kwalletfolder.h"

#include "storage/keychainjobs.h"

#include <QDBusConnection>
#include <QDataStream>
#include <QIODevice>

#include <algorithm>

namespace mooring::storage {

using namespace Qt::StringLiterals;
using base::Task;

namespace {

// Folder and "application" are QtKeychain's, so that each version of Mooring finds what another has kept.
const QString folder = keychainServiceName;
const QString application = keychainServiceName;
const auto namesKey = u"Names"_s;

/// While a process has this name on the bus it looks whether the folder is empty, and removes it.
const auto folderRemoval = u"app.mooring.Mooring.KWalletFolderRemoval"_s;
constexpr uint doNotQueue = 4;
constexpr uint gotIt = 1;
constexpr std::chrono::milliseconds betweenLooks(20);
/// An empty folder is left to the next removal rather than waited for any longer.
constexpr int triesForRemoval = 10;

/// KWallet::Wallet::EntryType.
enum EntryType { UnknownEntry = 0, PasswordEntry = 1, StreamEntry = 2, MapEntry = 3 };

JobResult failure(const QString &detail)
{
    return {JobOutcome::Failed, detail, {}};
}

/// Maps are kept as Qt writes them; this version is understood by Qt 5 and 6.
QByteArray bytesOf(const QMap<QString, QString> &names)
{
    QByteArray bytes;
    QDataStream stream(&bytes, QIODevice::WriteOnly);
    stream.setVersion(QDataStream::Qt_5_15);
    stream << names;
    return bytes;
}

std::optional<QMap<QString, QString>> namesFrom(const QByteArray &bytes)
{
    QMap<QString, QString> names;
    QDataStream stream(bytes);
    stream.setVersion(QDataStream::Qt_5_15);
    stream >> names;
    return stream.status() == QDataStream::Ok ? std::optional(names) : std::nullopt;
}

} // namespace

JobResult kwalletResult(const KeychainReport &report)
{
    JobOutcome outcome = JobOutcome::Failed;
    if (report.state == KeychainState::Missing || report.state == KeychainState::SwitchedOff) {
        outcome = JobOutcome::NoService;
    } else if (report.state == KeychainState::Slow) {
        outcome = JobOutcome::Late;
    } else if (report.state == KeychainState::Locked) {
        outcome = JobOutcome::Denied;
    }
    return {outcome, "KWallet: "_L1 + report.detail, {}};
}

KWalletFolder::KWalletFolder(const KWalletBus &bus, KWalletAccess access, const base::Deadline *deadline)
    : m_bus(bus)
    , m_access(std::move(access))
    , m_deadline(deadline)
{
}

QDBusMessage KWalletFolder::call(const QString &method, const QVariantList &arguments) const
{
    return m_bus.message(m_access.owner, method, arguments);
}

QDBusMessage KWalletFolder::itemCall(const QString &method, const QString &key,
                                     const QVariantList &values) const
{
    QVariantList arguments{m_access.handle, folder, key};
    arguments += values;
    arguments += application;
    return call(method, arguments);
}

Task<KWalletAnswer<bool>> KWalletFolder::isOpen() const
{
    // First of the wallet, because KWallet warns the person when it is asked of wrong handles too often.
    const QDBusMessage whose = call(u"users"_s, {m_access.wallet});
    KWalletAnswer<QStringList> users = co_await askKWallet<QStringList>(whose, m_deadline);
    if (!users) {
        co_return std::unexpected(users.error());
    }
    if (!users->contains(application)) {
        co_return KWalletAnswer<bool>(false);
    }
    const QDBusMessage whether = call(u"isOpen"_s, {m_access.handle});
    KWalletAnswer<bool> open = co_await askKWallet<bool>(whether, m_deadline);
    co_return open;
}

Task<JobResult> KWalletFolder::ifOpen(JobResult result) const
{
    KWalletAnswer<bool> open = co_await isOpen();
    if (!open) {
        co_return kwalletResult(open.error());
    }
    co_return *open ? result : failure(u"KWallet: the wallet was closed meanwhile"_s);
}

Task<JobResult> KWalletFolder::sync(JobResult result) const
{
    // KWallet needn't answer sync(), but does one thing after the other: the next answer comes when it is
    // done. From KDE Frameworks 6.14 on it passes items to ksecretd, which writes them 5 s later whatever is
    // asked.
    QDBusConnection::sessionBus().send(call(u"sync"_s, {m_access.handle, application}));
    JobResult sure = co_await ifOpen(result);
    co_return sure;
}

Task<JobResult> KWalletFolder::read(QString key) const
{
    const QDBusMessage question = itemCall(u"entryType"_s, key);
    KWalletAnswer<int> type = co_await askKWallet<int>(question, m_deadline);
    if (!type) {
        co_return kwalletResult(type.error());
    }
    JobResult result = co_await readAs(*type, key);
    if (result.outcome == JobOutcome::NotFound || result.text.isEmpty()) {
        result = co_await ifOpen(result);
    }
    co_return result;
}

Task<JobResult> KWalletFolder::readAs(int type, QString key) const
{
    // As QtKeychain does: what isn't text is read as UTF-8, and a map is none of ours.
    if (type == UnknownEntry || type == MapEntry) {
        co_return JobResult{JobOutcome::NotFound, u"KWallet: entry type %1"_s.arg(type), {}};
    }
    if (type == StreamEntry) {
        const QDBusMessage question = itemCall(u"readEntry"_s, key);
        KWalletAnswer<QByteArray> bytes = co_await askKWallet<QByteArray>(question, m_deadline);
        co_return bytes ? JobResult{JobOutcome::Done, {}, QString::fromUtf8(*bytes)}
                        : kwalletResult(bytes.error());
    }
    if (type != PasswordEntry) {
        co_return failure(u"KWallet: entry type %1"_s.arg(type));
    }
    const QDBusMessage question = itemCall(u"readPassword"_s, key);
    KWalletAnswer<QString> text = co_await askKWallet<QString>(question, m_deadline);
    co_return text ? JobResult{JobOutcome::Done, {}, *text} : kwalletResult(text.error());
}

Task<JobResult> KWalletFolder::makeFolder() const
{
    const QDBusMessage question = call(u"hasFolder"_s, {m_access.handle, folder, application});
    KWalletAnswer<bool> isThere = co_await askKWallet<bool>(question, m_deadline);
    if (isThere && !*isThere) {
        // KWallet would make one by itself for what is written, but tell nobody that it is there.
        const QDBusMessage creation = call(u"createFolder"_s, {m_access.handle, folder, application});
        isThere = co_await askKWallet<bool>(creation, m_deadline);
    }
    co_return isThere ? JobResult{JobOutcome::Done, {}, {}} : kwalletResult(isThere.error());
}

Task<JobResult> KWalletFolder::write(QString key, QString text, QString label) const
{
    JobResult prepared = co_await makeFolder();
    if (prepared.outcome != JobOutcome::Done) {
        co_return prepared;
    }
    const QDBusMessage request = itemCall(u"writePassword"_s, key, {text});
    KWalletAnswer<int> written = co_await askKWallet<int>(request, m_deadline);
    if (!written) {
        co_return kwalletResult(written.error());
    }
    if (*written != 0) {
        co_return failure(u"KWallet: writePassword %1"_s.arg(*written));
    }
    if (!label.isEmpty()) {
        co_await setName(key, label);
    }
    const JobResult done{JobOutcome::Done, {}, {}};
    JobResult result = co_await sync(done);
    if (result.outcome == JobOutcome::Done) {
        result = co_await ifStillKept(key);
    }
    co_return result;
}

/// Another process may just have found the folder empty and be about to remove it: see removeIfEmpty(). Once
/// nobody has that name, each removal has either taken the item with it or is going to see it.
Task<JobResult> KWalletFolder::ifStillKept(QString key) const
{
    const QDBusMessage question = toTheBus(u"NameHasOwner"_s, {folderRemoval});
    for (bool isFirst = true;; isFirst = false) {
        if (!isFirst) {
            co_await base::sleepFor(betweenLooks, {});
        }
        KWalletAnswer<bool> beingRemoved = co_await askKWallet<bool>(question, m_deadline);
        if (!beingRemoved || (*beingRemoved && m_deadline->hasPassed())) {
            co_return JobResult{JobOutcome::Late, u"KWallet: its folder is being removed"_s, {}};
        }
        if (!*beingRemoved) {
            break;
        }
    }
    const QDBusMessage whether = itemCall(u"entryType"_s, key);
    KWalletAnswer<int> type = co_await askKWallet<int>(whether, m_deadline);
    if (!type) {
        co_return kwalletResult(type.error());
    }
    co_return *type == PasswordEntry ? JobResult{JobOutcome::Done, {}, {}}
                                     : failure(u"KWallet: the item is gone again"_s);
}

Task<JobResult> KWalletFolder::remove(QString key) const
{
    const QDBusMessage question = itemCall(u"entryType"_s, key);
    KWalletAnswer<int> type = co_await askKWallet<int>(question, m_deadline);
    if (!type) {
        co_return kwalletResult(type.error());
    }
    JobResult result{JobOutcome::NotFound, {}, {}};
    if (*type != UnknownEntry) {
        const QDBusMessage request = itemCall(u"removeEntry"_s, key);
        KWalletAnswer<int> removed = co_await askKWallet<int>(request, m_deadline);
        if (!removed) {
            co_return kwalletResult(removed.error());
        }
        if (*removed != 0) {
            co_return failure(u"KWallet: removeEntry %1"_s.arg(*removed));
        }
        result.outcome = JobOutcome::Done;
        co_await setName(key, {});
        co_await removeIfEmpty();
    }
    // Of an item that isn't there, too: another program's removal may not be on the disk yet.
    result = co_await sync(result);
    co_return result;
}

Task<void> KWalletFolder::relabel(QString key, QString label) const
{
    const QDBusMessage question = itemCall(u"entryType"_s, key);
    KWalletAnswer<int> type = co_await askKWallet<int>(question, m_deadline);
    if (type && *type != UnknownEntry) {
        co_await setName(key, label);
    }
}

/// Nullopt if there is something else in their place, which is left alone.
Task<std::optional<KWalletFolder::Names>> KWalletFolder::names() const
{
    const QDBusMessage question = itemCall(u"entryType"_s, namesKey);
    KWalletAnswer<int> type = co_await askKWallet<int>(question, m_deadline);
    if (type && *type == UnknownEntry) {
        co_return std::optional<Names>(Names());
    }
    if (!type || *type != MapEntry) {
        co_return std::nullopt;
    }
    const QDBusMessage reading = itemCall(u"readMap"_s, namesKey);
    KWalletAnswer<QByteArray> bytes = co_await askKWallet<QByteArray>(reading, m_deadline);
    if (!bytes) {
        co_return std::nullopt;
    }
    std::optional<Names> names = namesFrom(*bytes);
    co_return names;
}

/// For people's eyes only, so nothing depends on whether it works.
Task<void> KWalletFolder::setName(QString key, QString label) const
{
    std::optional<Names> all = co_await names();
    if (!all || all->value(key) == label) {
        co_return;
    }
    if (label.isEmpty()) {
        all->remove(key);
    } else {
        all->insert(key, label);
    }
    const QDBusMessage request = itemCall(u"writeMap"_s, namesKey, {bytesOf(*all)});
    co_await askKWallet<int>(request, m_deadline);
}

/// KWallet removes a folder with all that is in it, and another process may write at any moment. So whoever
/// removes has a name on the bus meanwhile, and whoever has written looks for that name: see ifStillKept().
Task<void> KWalletFolder::removeIfEmpty() const
{
    const QDBusMessage request = toTheBus(u"RequestName"_s, {folderRemoval, doNotQueue});
    KWalletAnswer<uint> name = co_await askKWallet<uint>(request, m_deadline);
    for (int tries = 1; name && *name != gotIt && tries < triesForRemoval; ++tries) {
        co_await base::sleepFor(betweenLooks, {});
        name = co_await askKWallet<uint>(request, m_deadline);
    }
    if (!name || *name != gotIt) {
        co_return;
    }
    co_await removeNamesAndFolder();
    const QDBusMessage release = toTheBus(u"ReleaseName"_s, {folderRemoval});
    co_await busCall(release, m_deadline);
}

Task<void> KWalletFolder::removeNamesAndFolder() const
{
    const QDBusMessage question = call(u"entryList"_s, {m_access.handle, folder, application});
    KWalletAnswer<QStringList> left = co_await askKWallet<QStringList>(question, m_deadline);
    if (left && *left == QStringList{namesKey}) {
        std::optional<Names> ours = co_await names();
        if (!ours) {
            co_return;
        }
        const QDBusMessage removal = itemCall(u"removeEntry"_s, namesKey);
        co_await askKWallet<int>(removal, m_deadline);
        left = co_await askKWallet<QStringList>(question, m_deadline);
    }
    // An empty answer is also that of a wallet which is closed now; then nothing is removed.
    if (left && left->isEmpty()) {
        const QDBusMessage removal = call(u"removeFolder"_s, {m_access.handle, folder, application});
        co_await askKWallet<bool>(removal, m_deadline);
    }
}

} // namespace mooring::storage
