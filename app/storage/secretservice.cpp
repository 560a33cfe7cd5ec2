// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/secretservice.h"

#include "base/words.h"
#include "storage/buscall.h"
#include "storage/changeturn.h"
#include "storage/keychainerrors.h"
#include "storage/keychainjobs.h"

#include <QCryptographicHash>
#include <QLibrary>

#include <algorithm>

namespace mooring::storage {

using namespace Qt::StringLiterals;
using base::Deadline;
using base::failed;
using base::Result;
using base::Task;
using base::Words;
using Kind = KeychainQuestion::Kind;
using Attributes = SecretPeer::Attributes;
using Items = SecretPeer::Items;
template <typename T>
using Answer = SecretAnswer<T>;

namespace {

/// The name that a running KeePassXC has in any case.
const auto keepassxcWindow = u"org.keepassxc.KeePassXC.MainWindow"_s;
constexpr int looksForCollection = 3;
constexpr std::chrono::milliseconds betweenLooks(50);
/// For the others' turns, in a keychain that can take only one.
constexpr std::chrono::seconds patienceWithOthers(20);

/// The attributes that QtKeychain gives its items; with no key, those of all of Mooring's.
Attributes attributesOf(const QString &key)
{
    Attributes attributes{{u"server"_s, QString(keychainServiceName)}};
    if (!key.isEmpty()) {
        attributes.insert(u"user"_s, key);
    }
    return attributes;
}

/// QtKeychain may keep a second item with the same key, of binary data, and then reads the text.
Attributes attributesOfText(const QString &key)
{
    Attributes attributes = attributesOf(key);
    attributes.insert(u"type"_s, u"plaintext"_s);
    return attributes;
}

QString parentOf(const QString &path)
{
    return path.section(u'/', 0, -2);
}

JobOutcome outcomeOf(KeychainState state)
{
    switch (state) {
    case KeychainState::Missing:
    case KeychainState::SwitchedOff:
    case KeychainState::NoDefaultCollection:
        return JobOutcome::NoService;
    case KeychainState::Locked:
    case KeychainState::Asks:
        return JobOutcome::Denied;
    case KeychainState::Slow:
        return JobOutcome::Late;
    case KeychainState::Unlocked:
        return JobOutcome::Done;
    case KeychainState::Failed:
        break;
    }
    return JobOutcome::Failed;
}

JobResult resultOf(const KeychainReport &report)
{
    return {outcomeOf(report.state), report.detail, {}};
}

std::unexpected<KeychainReport> refused(const QString &detail)
{
    return std::unexpected(KeychainReport{KeychainState::Locked, detail});
}

/// What became of the service between two calls may be over with the next one's owner.
bool isWorthAnotherLook(KeychainState state)
{
    return state == KeychainState::Missing || state == KeychainState::Slow;
}

/// gnome-keyring may not know yet who is asking when a process asks for the first time in a crowd, and then
/// says that there is none: only what it says again is believed.
Task<Answer<QString>> believableCollection(SecretPeer peer, const Deadline *deadline)
{
    Answer<QString> path = co_await peer.defaultCollection(deadline);
    for (int look = 1; look < looksForCollection && path && *path == noSecretObject; ++look) {
        co_await base::sleepFor(betweenLooks, {});
        path = co_await peer.defaultCollection(deadline);
    }
    co_return path;
}

/// KWallet's Secret Service counts as locked until somebody unlocks it, even though the wallet is open. The
/// prompt that it makes then has nothing to ask; with the wallet closed it would, and is not shown.
Task<Answer<bool>> staysLocked(SecretPeer peer, QString collection, const Deadline *deadline)
{
    const QStringList wanted{collection};
    Answer<QString> prompt = co_await peer.unlock(wanted, deadline);
    if (!prompt) {
        co_return std::unexpected(prompt.error());
    }
    if (*prompt != noSecretObject) {
        bool isOpen = co_await peer.isWalletOpen(collection.section(u'/', -1), deadline);
        if (!isOpen) {
            co_return Answer<bool>(true);
        }
        std::stop_source late;
        Deadline patience([&late] { late.request_stop(); });
        patience.start(std::max(std::chrono::milliseconds(1), deadline->left()));
        KeychainQuestions nobodyIsAsked;
        co_await showSecretPrompt(peer, *prompt, &nobodyIsAsked, Kind::Password, late.get_token());
    }
    Answer<bool> isLocked = co_await peer.isCollectionLocked(collection, deadline);
    co_return isLocked;
}

/// KWallet tells its items apart by their labels alone, and mixes up those that are called the same; what
/// stands before a slash is a folder to it.
QString labelFor(const SecretPeer &peer, QString label, const QString &key)
{
    if (peer.program() != KeychainProgram::KWallet || label.isEmpty()) {
        return label;
    }
    constexpr qsizetype enoughToDiffer = 6;
    const QByteArray sum = QCryptographicHash::hash(key.toUtf8(), QCryptographicHash::Sha256).toHex();
    return label.replace(u'/', u' ') + u" ("_s + QString::fromLatin1(sum.first(enoughToDiffer)) + u')';
}

/// Where it isn't called so already: each change makes some programs write their whole file.
Task<void> labelItems(SecretPeer peer, QStringList items, QString label, const Deadline *deadline)
{
    for (const QString &item : std::as_const(items)) {
        Answer<QString> now = co_await peer.label(item, deadline);
        if (now && *now != label) {
            co_await peer.setLabel(item, label, deadline);
        }
    }
}

} // namespace

SecretService::SecretService(std::chrono::milliseconds deadline, KeychainQuestions &questions,
                             const QString &busName)
    : m_deadline(deadline)
    , m_questions(questions)
    , m_name(busName)
    , m_walletSync(deadline, questions)
{
}

bool SecretService::mayHold(const QString &place) const
{
    if (place == nameOf(KeychainProgram::KWallet)) {
        return false; // by KWallet's own interface
    }
    return m_name != gnomeKeyring || programOf(place) == KeychainProgram::GnomeKeyring;
}

KeychainReport SecretService::named(KeychainReport report) const
{
    report.program = m_name == gnomeKeyring ? KeychainProgram::GnomeKeyring : m_peer.program();
    return report;
}

Task<Answer<SecretService::Keyring>> SecretService::findKeyring(const Deadline *deadline)
{
    Answer<SecretPeer> peer = co_await SecretPeer::find(m_name, m_peer, deadline);
    if (!peer) {
        m_peer = {};
        KeychainReport report = named(peer.error());
        bool isSwitchedOff = report.state == KeychainState::Missing && m_name == anyProgram;
        if (isSwitchedOff) {
            isSwitchedOff = co_await isOnTheBus(keepassxcWindow, m_deadline);
        }
        if (isSwitchedOff) {
            // It runs, and is told not to be the Secret Service.
            report.state = KeychainState::SwitchedOff;
            report.program = KeychainProgram::KeePassXC;
        }
        co_return std::unexpected(report);
    }
    m_peer = *peer;
    Answer<QString> path = co_await believableCollection(*peer, deadline);
    if (!path) {
        co_return std::unexpected(named(path.error()));
    }
    if (*path == noSecretObject) {
        co_return std::unexpected(named({KeychainState::NoDefaultCollection, u"no default collection"_s}));
    }
    Answer<bool> isLocked = co_await peer->isCollectionLocked(*path, deadline);
    if (isLocked && *isLocked && peer->program() == KeychainProgram::KWallet) {
        isLocked = co_await staysLocked(*peer, *path, deadline);
    }
    if (!isLocked) {
        co_return std::unexpected(named(isLocked.error()));
    }
    co_return Answer<Keyring>(Keyring{*peer, *path, *isLocked});
}

Task<Answer<SecretPeer>> SecretService::findOpenKeyring(const Deadline *deadline)
{
    Answer<Keyring> keyring = co_await findKeyring(deadline);
    if (!keyring) {
        co_return std::unexpected(keyring.error());
    }
    if (keyring->isLocked) {
        co_return std::unexpected(named({KeychainState::Locked, u"the default collection is locked"_s}));
    }
    co_return Answer<SecretPeer>(keyring->peer);
}

/// Unlocked, Asks, or Locked if one of them is in another keyring than the default one of today.
Task<Answer<KeychainState>> SecretService::stateOfItems(Keyring keyring, QString key,
                                                        const Deadline *deadline) const
{
    const Attributes attributes = attributesOf(key);
    Answer<Items> items = co_await keyring.peer.search(attributes, deadline);
    if (!items) {
        co_return std::unexpected(items.error());
    }
    for (const QString &item : std::as_const(items->locked)) {
        const QString collection = parentOf(item);
        if (collection == keyring.collection) {
            continue;
        }
        Answer<bool> isLocked = co_await keyring.peer.isCollectionLocked(collection, deadline);
        if (!isLocked || *isLocked) {
            co_return Answer<KeychainState>(KeychainState::Locked);
        }
    }
    co_return Answer<KeychainState>(items->locked.isEmpty() ? KeychainState::Unlocked : KeychainState::Asks);
}

Task<KeychainReport> SecretService::lookOnce(QString key, const Deadline *deadline)
{
    Answer<Keyring> keyring = co_await findKeyring(deadline);
    if (!keyring) {
        co_return KeychainReport(keyring.error());
    }
    KeychainReport report = named({KeychainState::Unlocked, {}, keyring->collection.section(u'/', -1)});
    if (keyring->isLocked) {
        report.state = KeychainState::Locked;
        report.detail = u"the default collection is locked"_s;
        co_return report;
    }
    if (key.isEmpty()) {
        co_return report;
    }
    Answer<KeychainState> state = co_await stateOfItems(*keyring, key, deadline);
    if (!state) {
        co_return named(state.error());
    }
    report.state = *state;
    if (*state == KeychainState::Locked) {
        report.detail = u"the item is in another keyring that is locked"_s;
    } else if (*state == KeychainState::Asks) {
        report.detail = u"the item is locked for this connection"_s;
    }
    co_return report;
}

Task<KeychainReport> SecretService::look(QString key)
{
    Deadline whole;
    whole.start(m_deadline);
    KeychainReport report = co_await lookOnce(key, &whole);
    if (isWorthAnotherLook(report.state) && !m_peer.address().isEmpty() && !whole.hasPassed()) {
        report = co_await lookOnce(key, &whole); // its process has ended in the middle
    }
    co_return report;
}

Task<bool> SecretService::isRunning()
{
    return isOnTheBus(m_name, m_deadline);
}

/// What came of it is for the caller to look at.
Task<Answer<PromptEnd>> SecretService::ask(SecretPeer peer, QStringList paths, Kind kind,
                                           std::stop_token stop) const
{
    Deadline soon;
    soon.start(m_deadline);
    Answer<QString> prompt = co_await peer.unlock(paths, &soon);
    if (!prompt) {
        co_return std::unexpected(prompt.error());
    }
    PromptEnd end = co_await showSecretPrompt(peer, *prompt, &m_questions, kind, stop);
    co_return Answer<PromptEnd>(end);
}

/// The items of this key, once the person has allowed what was locked for this connection. Asks once.
Task<Answer<SecretService::Allowed>> SecretService::allow(QString key, std::stop_token stop)
{
    Deadline whole;
    whole.start(m_deadline);
    Answer<SecretPeer> peer = co_await findOpenKeyring(&whole);
    if (!peer) {
        co_return std::unexpected(peer.error());
    }
    const Attributes attributes = attributesOfText(key);
    Answer<Items> items = co_await peer->search(attributes, &whole);
    if (items && !items->locked.isEmpty()) {
        Answer<PromptEnd> asked = co_await ask(*peer, items->locked, Kind::Permission, stop);
        if (!asked) {
            co_return std::unexpected(asked.error());
        }
        if (*asked == PromptEnd::Stopped) {
            co_return refused(u"the question was taken back"_s);
        }
        whole.start(m_deadline);
        items = co_await peer->search(attributes, &whole);
    }
    if (!items) {
        co_return std::unexpected(items.error());
    }
    if (!items->locked.isEmpty()) {
        co_return refused(u"the person has not allowed it"_s);
    }
    co_return Answer<Allowed>(Allowed{*peer, items->open});
}

Task<Answer<QString>> SecretService::session(SecretPeer peer, const Deadline *deadline)
{
    if (!m_session.isEmpty() && m_sessionAddress == peer.address()) {
        co_return Answer<QString>(QString(m_session));
    }
    Answer<QString> opened = co_await peer.openSession(deadline);
    if (opened) {
        m_session = *opened;
        m_sessionAddress = peer.address();
    }
    co_return opened;
}

Task<Answer<QByteArray>> SecretService::exchangeOnce(SecretPeer peer, QString item,
                                                     std::optional<QByteArray> newText)
{
    Deadline whole;
    whole.start(m_deadline);
    Answer<QString> path = co_await session(peer, &whole);
    if (!path) {
        co_return std::unexpected(path.error());
    }
    if (!newText) {
        Answer<QByteArray> text = co_await peer.secret(item, *path, &whole);
        co_return text;
    }
    Answer<void> kept = co_await peer.setSecret(item, *path, *newText, &whole);
    if (!kept) {
        co_return std::unexpected(kept.error());
    }
    co_return Answer<QByteArray>(*newText);
}

/// Reads the item, or gives it a new text. Both may be done twice without harm, so a permission that was for
/// once and is used up is asked for again, and a session that the service has closed is opened again.
Task<Answer<QByteArray>> SecretService::exchange(SecretPeer peer, QString item,
                                                 std::optional<QByteArray> newText, std::stop_token stop)
{
    bool hasAsked = false;
    bool hasReopened = false;
    while (true) {
        Answer<QByteArray> text = co_await exchangeOnce(peer, item, newText);
        const KeychainState state = text ? KeychainState::Unlocked : text.error().state;
        if (state == KeychainState::Locked && !hasAsked) {
            hasAsked = true;
            const QStringList wanted{item};
            Answer<PromptEnd> asked = co_await ask(peer, wanted, Kind::Permission, stop);
            if (!asked || *asked != PromptEnd::Answered) {
                co_return text;
            }
        } else if (state == KeychainState::Failed && !hasReopened) {
            hasReopened = true;
            m_session.clear();
        } else {
            co_return text;
        }
    }
}

Task<JobResult> SecretService::read(QString key, std::stop_token stop)
{
    Answer<Allowed> allowed = co_await allow(key, stop);
    if (!allowed) {
        co_return resultOf(allowed.error());
    }
    if (allowed->items.isEmpty()) {
        co_return JobResult{JobOutcome::NotFound, u"no such item"_s, {}};
    }
    Answer<QByteArray> text = co_await exchange(allowed->peer, allowed->items.first(), {}, stop);
    if (!text) {
        co_return resultOf(text.error());
    }
    co_return JobResult{JobOutcome::Done, {}, QString::fromUtf8(*text)};
}

/// Through QtKeychain where that is as good: it gives each item the same label, by which KWallet tells items
/// apart, and has KeePassXC ask without a word, an end, or a way to take the question back.
Task<JobResult> SecretService::create(SecretPeer peer, QString key, QString text, QString label,
                                      std::stop_token stop)
{
    if (m_name != anyProgram) {
        co_return JobResult{JobOutcome::NoService, u"nothing new is kept in "_s + m_name, {}};
    }
    const bool isParticular =
        peer.program() == KeychainProgram::KeePassXC || peer.program() == KeychainProgram::KWallet;
    if (!isParticular) {
        co_return co_await runWriteJob(key, text);
    }
    Deadline whole;
    whole.start(m_deadline);
    Answer<QString> collection = co_await believableCollection(peer, &whole);
    Answer<QString> opened = co_await session(peer, &whole);
    if (!collection || !opened) {
        co_return resultOf(collection ? opened.error() : collection.error());
    }
    const Attributes attributes = attributesOfText(key);
    const QByteArray bytes = text.toUtf8();
    const QString title = labelFor(peer, label, key);
    Answer<QString> prompt = co_await peer.createItem(*collection, attributes, title, *opened, bytes, &whole);
    if (!prompt) {
        m_session.clear();
        co_return resultOf(prompt.error());
    }
    PromptEnd end = co_await showSecretPrompt(peer, *prompt, &m_questions, Kind::Permission, stop);
    if (end != PromptEnd::Answered) {
        co_return JobResult{JobOutcome::Denied, u"the question was taken back"_s, {}};
    }
    // What the person said is seen from what is there.
    whole.start(m_deadline);
    Answer<Items> made = co_await peer.search(attributes, &whole);
    if (!made) {
        co_return resultOf(made.error());
    }
    co_return JobResult{
        made->all().isEmpty() ? JobOutcome::Denied : JobOutcome::Done, u"after CreateItem"_s, {}};
}

Task<JobResult> SecretService::permit(QString key, std::stop_token stop)
{
    Answer<Allowed> allowed = co_await allow(key, stop);
    co_return allowed ? JobResult{JobOutcome::Done, {}, {}} : resultOf(allowed.error());
}

Task<JobResult> SecretService::write(QString key, QString text, QString label, std::stop_token stop)
{
    Answer<Allowed> allowed = co_await allow(key, stop);
    if (!allowed) {
        co_return resultOf(allowed.error());
    }
    std::optional<ChangeTurn> turn;
    if (allowed->peer.program() == KeychainProgram::KeePassXC) {
        ChangeTurn taken = co_await ChangeTurn::take(patienceWithOthers);
        turn.emplace(std::move(taken));
    }
    if (allowed->items.isEmpty()) {
        JobResult made = co_await create(allowed->peer, key, text, label, stop);
        if (made.outcome != JobOutcome::Done) {
            co_return made;
        }
    }
    // More than one if another program has copied it: whichever is read, it is the new text.
    const QByteArray bytes = text.toUtf8();
    for (const QString &item : std::as_const(allowed->items)) {
        Answer<QByteArray> kept = co_await exchange(allowed->peer, item, bytes, stop);
        if (!kept) {
            co_return resultOf(kept.error());
        }
    }
    co_await relabel(key, label);
    JobResult written{JobOutcome::Done, {}, {}};
    written = co_await onTheDisk(allowed->peer, written, stop);
    co_return written;
}

Task<JobResult> SecretService::onTheDisk(SecretPeer peer, JobResult result, std::stop_token stop)
{
    if (peer.program() != KeychainProgram::KWallet || result.outcome != JobOutcome::Done) {
        co_return result;
    }
    Deadline whole;
    whole.start(m_deadline);
    Answer<QString> collection = co_await peer.defaultCollection(&whole);
    if (!collection) {
        co_return resultOf(collection.error());
    }
    const QString wallet = collection->section(u'/', -1);
    JobResult synced = co_await m_walletSync.run(peer.address(), wallet, stop);
    if (synced.outcome == JobOutcome::Denied) {
        // The person keeps Mooring from KWallet's own interface; then it writes when it does for everybody.
        co_return result;
    }
    co_return synced;
}

Task<JobResult> SecretService::remove(QString key, std::stop_token stop)
{
    Deadline whole;
    whole.start(m_deadline);
    Answer<SecretPeer> peer = co_await findOpenKeyring(&whole);
    if (!peer) {
        co_return resultOf(peer.error());
    }
    const Attributes attributes = attributesOf(key);
    Answer<Items> items = co_await peer->search(attributes, &whole);
    if (!items) {
        co_return resultOf(items.error());
    }
    const QStringList wanted = items->all();
    if (wanted.isEmpty()) {
        co_return JobResult{JobOutcome::NotFound, u"no such item"_s, {}};
    }
    std::optional<ChangeTurn> turn;
    if (peer->program() == KeychainProgram::KeePassXC) {
        ChangeTurn taken = co_await ChangeTurn::take(patienceWithOthers);
        turn.emplace(std::move(taken));
    }
    whole.start(m_deadline);
    bool hasAsked = false;
    for (const QString &item : wanted) {
        Answer<QString> prompt = co_await peer->remove(item, &whole);
        if (!prompt) {
            co_return resultOf(prompt.error());
        }
        PromptEnd end = co_await showSecretPrompt(*peer, *prompt, &m_questions, Kind::Permission, stop);
        if (end == PromptEnd::Stopped) {
            co_return JobResult{JobOutcome::Denied, u"the question was taken back"_s, {}};
        }
        hasAsked = hasAsked || *prompt != noSecretObject;
        whole.start(m_deadline);
    }
    items = co_await peer->search(attributes, &whole);
    if (!items) {
        co_return resultOf(items.error());
    }
    const JobOutcome otherwise = hasAsked ? JobOutcome::Denied : JobOutcome::Failed;
    JobResult removed{items->all().isEmpty() ? JobOutcome::Done : otherwise, u"after Delete"_s, {}};
    removed = co_await onTheDisk(*peer, removed, stop);
    co_return removed;
}

/// Has the person open the default keyring, or make one where there is none.
Task<Result<void>> SecretService::openKeyring(Keyring keyring, std::stop_token stop)
{
    Deadline soon;
    soon.start(m_deadline);
    const bool isNew = keyring.collection == noSecretObject;
    const QString label = Words::tr("Default keyring");
    const QStringList wanted{keyring.collection};
    Task<Answer<QString>> asking =
        isNew ? keyring.peer.createDefaultCollection(label, &soon) : keyring.peer.unlock(wanted, &soon);
    Answer<QString> prompt = co_await std::move(asking);
    if (!prompt) {
        co_return failed(failureOf(named(prompt.error())));
    }
    PromptEnd end = co_await showSecretPrompt(keyring.peer, *prompt, &m_questions,
                                              isNew ? Kind::NewKeyring : Kind::Password, stop);
    if (end == PromptEnd::Stopped) {
        co_return failed(base::cancelledError());
    }
    if (end == PromptEnd::Failed) {
        co_return failed(failureOf(named({KeychainState::Failed, u"it could not ask, or went away"_s})));
    }
    co_return Result<void>();
}

/// Those of Mooring that are locked for this connection, or in another keyring than the default one of today.
Task<Result<void>> SecretService::askForItems(SecretPeer peer, std::stop_token stop)
{
    Deadline soon;
    soon.start(m_deadline);
    const Attributes attributes = attributesOf({});
    Answer<Items> items = co_await peer.search(attributes, &soon);
    if (items && !items->locked.isEmpty()) {
        const bool isAboutItems = peer.program() == KeychainProgram::KeePassXC;
        Answer<PromptEnd> asked =
            co_await ask(peer, items->locked, isAboutItems ? Kind::Permission : Kind::Password, stop);
        if (asked && *asked == PromptEnd::Stopped) {
            co_return failed(base::cancelledError());
        }
        soon.start(m_deadline);
        items = co_await peer.search(attributes, &soon);
    }
    if (!items) {
        co_return failed(failureOf(named(items.error())));
    }
    if (!items->locked.isEmpty()) {
        co_return failed(
            keychainFailure(base::KeychainCase::Denied, u"some items are still locked"_s, named({}).program));
    }
    co_return Result<void>();
}

Task<Result<void>> SecretService::unlock(std::stop_token stop)
{
    Deadline whole;
    whole.start(m_deadline);
    Answer<Keyring> keyring = co_await findKeyring(&whole);
    // KeePassXC would start to make a new database: the person's own only has to be opened there.
    const bool canMakeOne = !keyring && keyring.error().state == KeychainState::NoDefaultCollection
                            && m_peer.program() != KeychainProgram::KeePassXC;
    if (!keyring && !canMakeOne) {
        co_return failed(failureOf(keyring.error()));
    }
    if (canMakeOne || keyring->isLocked) {
        const Keyring closed = keyring ? *keyring : Keyring{m_peer, noSecretObject, true};
        Result<void> opened = co_await openKeyring(closed, stop);
        if (!opened) {
            co_return opened;
        }
    }
    const QString anyKey;
    KeychainReport now = co_await look(anyKey);
    if (now.state != KeychainState::Unlocked) {
        co_return failed(failureOf(now));
    }
    Result<void> allowed = co_await askForItems(m_peer, stop);
    co_return allowed;
}

Task<void> SecretService::relabel(QString key, QString label)
{
    Deadline whole;
    whole.start(m_deadline);
    Answer<SecretPeer> peer = co_await findOpenKeyring(&whole);
    if (!peer || label.isEmpty()) {
        co_return;
    }
    const Attributes attributes = attributesOf(key);
    Answer<Items> items = co_await peer->search(attributes, &whole);
    if (items) {
        const QString title = labelFor(*peer, label, key);
        co_await labelItems(*peer, items->all(), title, &whole);
    }
}

void forgetSecretSession()
{
    // Loaded at run time, as QtKeychain does it: it is no dependency of the build.
    QLibrary libsecret(u"secret-1"_s, 0);
    if (const QFunctionPointer disconnect = libsecret.resolve("secret_service_disconnect")) {
        disconnect();
    }
}

} // namespace mooring::storage
