// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/keychainstore.h"

#include "base/checkpoint.h"
#include "storage/keychainerrors.h"
#include "storage/systemkeychains.h"

#include <QAbstractEventDispatcher>
#include <QCoreApplication>

namespace mooring::storage {

using namespace Qt::StringLiterals;
using base::failed;
using base::KeychainCase;
using base::Result;
using base::Task;
using Answer = KeychainQueue::Answer;

namespace {

constexpr auto base64url = QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals;

/// Of the base64url text. Windows' own limit is 2560 bytes; with QtKeychain 0.15 and later 18944.
#if defined(Q_OS_WIN) && !defined(MOORING_QTKEYCHAIN_HAS_LARGE_WINDOWS_ITEMS)
constexpr qsizetype maximumTextSize = 2400;
#elif defined(Q_OS_WIN)
constexpr qsizetype maximumTextSize = 18000;
#else
constexpr qsizetype maximumTextSize = 128 * 1024;
#endif

/// What a job's failure means, given how the keychain looks right after it.
base::Error jobError(const JobResult &result, const KeychainReport &now)
{
    if (std::optional<base::Error> visible = errorOf(now)) {
        visible->detail = result.detail + " ("_L1 + visible->detail + u')';
        return *visible;
    }
    switch (result.outcome) {
    case JobOutcome::Denied:
        return keychainFailure(KeychainCase::Denied, result.detail, now.program);
    case JobOutcome::NoService:
        return keychainFailure(KeychainCase::Missing, result.detail, now.program);
    case JobOutcome::Late:
        return keychainFailure(KeychainCase::Slow, result.detail, now.program);
    case JobOutcome::Done:
    case JobOutcome::NotFound:
    case JobOutcome::Failed:
        break;
    }
    return keychainFailure(KeychainCase::Failed, result.detail, now.program);
}

Answer decoded(const QString &text)
{
    const QByteArray::FromBase64Result bytes =
        QByteArray::fromBase64Encoding(text.toLatin1(), base64url | QByteArray::AbortOnBase64DecodingErrors);
    if (!bytes) {
        return failed(keychainFailure(KeychainCase::Damaged, u"not base64url"_s));
    }
    return std::optional<QByteArray>(*bytes);
}

/// Why nothing could be done in that keychain at all; nullopt where a job may be tried.
std::optional<base::Error> unusable(const Keychains::Choice &choice)
{
    return errorOf(choice.report);
}

Answer answerOf(const Keychains::Finding &finding)
{
    if (const std::optional<base::Error> error = unusable(finding.where)) {
        return failed(*error);
    }
    switch (finding.result.outcome) {
    case JobOutcome::Done:
        return decoded(finding.result.text);
    case JobOutcome::NotFound:
        return Answer(std::nullopt);
    default:
        return failed(jobError(finding.result, finding.where.report));
    }
}

/// What a failure means, given how the keychain looks right after it.
Task<Answer> failureOf(Keychains::Finding finding, QString key)
{
    KeychainReport after = co_await finding.where.keychain->look(key);
    co_return failed(jobError(finding.result, after));
}

Task<Answer> readWork(std::shared_ptr<Keychains> keychains, QString key, std::stop_token stop)
{
    Keychains::Finding finding = co_await keychains->read(key, stop);
    Answer answer = answerOf(finding);
    const bool hasRun = !unusable(finding.where);
    if (!answer && hasRun && finding.result.outcome != JobOutcome::Done) {
        answer = co_await failureOf(finding, key);
    } else if (answer && !*answer) {
        // A locked keyring says that there is nothing.
        KeychainReport after = co_await finding.where.keychain->look(key);
        const std::optional<base::Error> locked = errorOf(after);
        answer = locked ? Answer(failed(*locked)) : answer;
    }
    co_return answer;
}

Task<Answer> writeWork(std::shared_ptr<Keychains> keychains, QString key, QByteArray value, QString label,
                       std::stop_token stop)
{
    Keychains::Choice home = co_await keychains->choose(key);
    if (const std::optional<base::Error> error = unusable(home)) {
        co_return failed(*error);
    }
    const QString text = QString::fromLatin1(value.toBase64(base64url));
    Task<JobResult> writing = home.keychain->write(key, text, label, stop);
    base::checkpoint("K13"); // of a new sign-in
    base::checkpoint("K18"); // of a renewed one
    JobResult result = co_await std::move(writing);
    base::checkpoint("written");
    if (result.outcome != JobOutcome::Done) {
        const Keychains::Finding failure{home, result};
        co_return co_await failureOf(failure, key);
    }
    if (!home.keychain->bearsTrials()) {
        home.report = co_await home.keychain->look(key);
    }
    if (home.report.state == KeychainState::Asks) {
        // The permission was for once. That it was kept is what the keychain has answered, and no question is
        // put to the person only to hear it again.
        keychains->setPlace(key, placeOf(home.report));
        co_return Answer(value);
    }
    JobResult readBack = co_await home.keychain->read(key, stop);
    if (readBack.outcome != JobOutcome::Done && readBack.outcome != JobOutcome::NotFound) {
        const Keychains::Finding failure{home, readBack};
        co_return co_await failureOf(failure, key);
    }
    if (readBack.outcome == JobOutcome::NotFound || readBack.text != text) {
        KeychainReport after = co_await home.keychain->look(key);
        const std::optional<base::Error> locked = errorOf(after);
        co_return failed(locked ? *locked : notKeptError());
    }
    keychains->setPlace(key, placeOf(home.report));
    co_return Answer(value);
}

Task<Answer> removeWork(std::shared_ptr<Keychains> keychains, QString key, std::stop_token stop)
{
    Keychains::Finding finding = co_await keychains->remove(key, stop);
    if (const std::optional<base::Error> error = unusable(finding.where)) {
        co_return failed(*error);
    }
    if (finding.result.outcome == JobOutcome::Done) {
        co_return failed(notRemovedError());
    }
    if (finding.result.outcome != JobOutcome::NotFound) {
        co_return co_await failureOf(finding, key);
    }
    co_return Answer(std::nullopt);
}

Task<Answer> lookWork(std::shared_ptr<Keychains> keychains, QString key, Asking asking,
                      std::shared_ptr<KeychainReport> seen)
{
    Keychains::Choice home = co_await keychains->choose(key);
    *seen = home.report;
    const bool wouldAsk = home.report.state == KeychainState::Asks && asking == Asking::Never;
    std::optional<base::Error> error = errorOf(home.report);
    if (wouldAsk) {
        error = keychainFailure(KeychainCase::Locked, u"it would ask"_s, home.report.program);
    }
    co_return error ? Answer(failed(*error)) : Answer(std::nullopt);
}

/// The answer is empty where a trial write is the way to find out. Elsewhere it is the look that tells
/// whether it can be written to.
Task<Answer> prepareWork(std::shared_ptr<Keychains> keychains, QString key, std::stop_token stop)
{
    Keychains::Choice home = co_await keychains->choose(key);
    if (const std::optional<base::Error> error = unusable(home)) {
        co_return failed(*error);
    }
    if (home.keychain->bearsTrials()) {
        co_return Answer(std::nullopt);
    }
    JobResult permitted = co_await home.keychain->permit(key, stop);
    if (permitted.outcome != JobOutcome::Done) {
        const Keychains::Finding failure{home, permitted};
        co_return co_await failureOf(failure, key);
    }
    // What is allowed here is kept here, or nowhere.
    keychains->setPlace(key, placeOf(home.report));
    co_return Answer(QByteArray());
}

/// Each one that is there, for each may hold something; the first one that can't be opened ends it.
Task<Answer> unlockWork(std::shared_ptr<Keychains> keychains, std::stop_token stop)
{
    std::optional<base::Error> nothing;
    bool isAnyOpen = false;
    for (const std::unique_ptr<Keychain> &keychain : keychains->all()) {
        if (isAnyOpen && !keychains->isKnown(*keychain)) {
            continue;
        }
        const QString anyKey;
        KeychainReport report = co_await keychain->look(anyKey);
        if (isAbsent(report)) {
            nothing = nothing && report.state == KeychainState::Missing ? nothing : errorOf(report);
            continue;
        }
        Result<void> unlocked = co_await keychain->unlock(stop);
        if (!unlocked) {
            co_return failed(unlocked.error());
        }
        isAnyOpen = true;
    }
    co_return isAnyOpen ? Answer(std::nullopt) : Answer(failed(*nothing));
}

/// The answer is the place, as UTF-8; none if there is nothing to be brought.
Task<Answer> bringWork(std::shared_ptr<Keychains> keychains, QString key, QString label, std::stop_token stop)
{
    Keychains::Finding found = co_await keychains->read(key, stop);
    if (const std::optional<base::Error> error = unusable(found.where)) {
        co_return failed(*error);
    }
    if (found.result.outcome == JobOutcome::NotFound) {
        co_return Answer(std::nullopt);
    }
    if (found.result.outcome != JobOutcome::Done) {
        co_return co_await failureOf(found, key);
    }
    Keychains::Choice target = co_await keychains->chooseNew();
    if (const std::optional<base::Error> error = unusable(target)) {
        co_return failed(*error);
    }
    const QString place = placeOf(target.report);
    if (place != placeOf(found.where.report)) {
        JobResult written = co_await target.keychain->write(key, found.result.text, label, stop);
        if (written.outcome != JobOutcome::Done) {
            const Keychains::Finding failure{target, written};
            co_return co_await failureOf(failure, key);
        }
        JobResult readBack = co_await target.keychain->read(key, stop);
        if (readBack.text != found.result.text) {
            co_return failed(notKeptError());
        }
        keychains->setPlace(key, place);
    }
    co_return Answer(place.toUtf8());
}

Task<Answer> clearWork(std::shared_ptr<Keychains> keychains, QString key, std::stop_token stop)
{
    Keychains::Finding left = co_await keychains->removeElsewhere(key, stop);
    if (left.result.outcome == JobOutcome::NotFound) {
        co_return Answer(std::nullopt);
    }
    if (left.result.outcome == JobOutcome::Done) {
        co_return failed(notRemovedError());
    }
    co_return co_await failureOf(left, key);
}

Task<Answer> relabelWork(std::shared_ptr<Keychains> keychains, QString key, QString label)
{
    Keychains::Choice home = co_await keychains->choose(key);
    if (home.report.state == KeychainState::Unlocked) {
        co_await home.keychain->relabel(key, label);
    }
    co_return Answer(std::nullopt);
}

/// The wait's own end doesn't know whom it was for.
Answer named(Answer answer, const Keychains &keychains)
{
    const bool isLate = !answer && answer.error().keychainCase == KeychainCase::Slow;
    return isLate ? Answer(failed(keychainTooSlowError(keychains.current()))) : answer;
}

Result<void> withoutValue(const Answer &answer)
{
    return answer ? Result<void>() : Result<void>(failed(answer.error()));
}

} // namespace

KeychainStore::KeychainStore(const base::Deadlines &deadlines)
    : KeychainStore(deadlines, systemKeychains(deadlines.keychain))
{
}

KeychainStore::KeychainStore(const base::Deadlines &deadlines, const Keychains::Maker &maker)
    : m_deadlines(deadlines)
    , m_keychains(std::make_shared<Keychains>(maker))
    , m_seen(std::make_shared<KeychainReport>())
    , m_jobs(m_keychains->questions())
    , m_looks(m_keychains->questions())
{
}

bool KeychainStore::eventLoopCanServeIt()
{
#ifdef Q_OS_LINUX
    const QAbstractEventDispatcher *dispatcher = QAbstractEventDispatcher::instance();
    return dispatcher
           && QLatin1StringView(dispatcher->metaObject()->className())
                  .contains("Glib"_L1, Qt::CaseInsensitive);
#else
    return true;
#endif
}

Task<Result<std::optional<QByteArray>>> KeychainStore::read(QString key, std::stop_token stop)
{
    const auto work = [key, keychains = m_keychains](const std::stop_token &left) {
        return readWork(keychains, key, left);
    };
    Task<Answer> reading = m_jobs.run(key, work, m_deadlines.keychain, std::move(stop));
    Answer answer = co_await std::move(reading);
    co_return named(answer, *m_keychains);
}

Task<Result<void>> KeychainStore::write(QString key, QByteArray value, std::stop_token stop)
{
    if (value.size() > maximumValueSize()) {
        co_return failed(keychainFailure(KeychainCase::TooLarge, QString::number(value.size())));
    }
    const auto work = [key, value, label = labelOf(key),
                       keychains = m_keychains](const std::stop_token &left) {
        return writeWork(keychains, key, value, label, left);
    };
    Task<Answer> writing = m_jobs.run(key, work, m_deadlines.keychain, stop);
    Answer answer = co_await std::move(writing);
    answer = named(answer, *m_keychains);
    co_return withoutValue(answer);
}

Task<Result<void>> KeychainStore::remove(QString key, std::stop_token stop)
{
    const auto work = [key, keychains = m_keychains](const std::stop_token &left) {
        return removeWork(keychains, key, left);
    };
    Task<Answer> removing = m_jobs.run(key, work, m_deadlines.keychain, stop);
    Answer answer = co_await std::move(removing);
    answer = named(answer, *m_keychains);
    co_return withoutValue(answer);
}

Task<Result<void>> KeychainStore::checkUsable(QString key, Asking asking, std::stop_token stop)
{
    if (m_jobs.isStuckFor(m_deadlines.keychain) && !question()) {
        co_return failed(keychainTooSlowError(m_keychains->current()));
    }
    const auto work = [key, asking, keychains = m_keychains, seen = m_seen](const std::stop_token &) {
        return lookWork(keychains, key, asking, seen);
    };
    Task<Answer> looking = m_looks.run(key, work, m_deadlines.keychain, stop);
    Answer answer = co_await std::move(looking);
    answer = named(answer, *m_keychains);
    co_return withoutValue(answer);
}

Task<Result<bool>> KeychainStore::prepare(QString key, std::stop_token stop)
{
    const auto work = [key, keychains = m_keychains](const std::stop_token &left) {
        return prepareWork(keychains, key, left);
    };
    Task<Answer> preparing = m_jobs.run(key, work, m_deadlines.keychain, stop);
    Answer answer = co_await std::move(preparing);
    answer = named(answer, *m_keychains);
    if (!answer) {
        co_return failed(answer.error());
    }
    co_return answer->has_value();
}

Task<Result<void>> KeychainStore::unlock(std::stop_token stop)
{
    const auto work = [keychains = m_keychains](const std::stop_token &left) {
        return unlockWork(keychains, left);
    };
    const QString anyKey;
    Task<Answer> unlocking = m_jobs.run(anyKey, work, std::nullopt, stop);
    Answer answer = co_await std::move(unlocking);
    answer = named(answer, *m_keychains);
    co_return withoutValue(answer);
}

void KeychainStore::setPlace(const QString &key, const QString &place)
{
    m_keychains->setPlace(key, place);
}

QString KeychainStore::placeOf(const QString &key) const
{
    return m_keychains->placeOf(key);
}

QString KeychainStore::labelOf(const QString &key) const
{
    // KWallet takes items with the same label for one, so each has its own.
    const QString known = m_labels.value(key);
    return known.isEmpty() ? u"Mooring: "_s + key.section(u'/', -2) : known;
}

Task<Result<QString>> KeychainStore::bring(QString key, std::stop_token stop)
{
    const auto work = [key, label = labelOf(key), keychains = m_keychains](const std::stop_token &left) {
        return bringWork(keychains, key, label, left);
    };
    Task<Answer> bringing = m_jobs.run(key, work, m_deadlines.keychain, stop);
    Answer answer = co_await std::move(bringing);
    answer = named(answer, *m_keychains);
    if (!answer) {
        co_return failed(answer.error());
    }
    co_return *answer ? QString::fromUtf8(**answer) : QString();
}

Task<Result<void>> KeychainStore::clearElsewhere(QString key, std::stop_token stop)
{
    const auto work = [key, keychains = m_keychains](const std::stop_token &left) {
        return clearWork(keychains, key, left);
    };
    Task<Answer> clearing = m_jobs.run(key, work, m_deadlines.keychain, stop);
    Answer answer = co_await std::move(clearing);
    answer = named(answer, *m_keychains);
    co_return withoutValue(answer);
}

Task<void> KeychainStore::relabel(QString key)
{
    const auto work = [key, label = labelOf(key), keychains = m_keychains](const std::stop_token &) {
        return relabelWork(keychains, key, label);
    };
    Task<Answer> relabelling = m_jobs.run(key, work, m_deadlines.keychain, {});
    co_await std::move(relabelling);
}

std::optional<KeychainQuestion> KeychainStore::question() const
{
    return m_keychains->questions().current();
}

QMetaObject::Connection KeychainStore::onQuestion(QObject *context, std::function<void()> tell)
{
    return QObject::connect(&m_keychains->questions(), &KeychainQuestions::changed, context, std::move(tell));
}

Task<void> KeychainStore::settled(QString key)
{
    return m_jobs.settled(std::move(key));
}

Task<void> KeychainStore::drained()
{
    return m_jobs.settled({});
}

bool KeychainStore::hasRunningJobs() const
{
    return !m_jobs.isIdle();
}

qsizetype KeychainStore::maximumValueSize() const
{
    return maximumTextSize / 4 * 3;
}

QString KeychainStore::identity() const
{
    return storage::placeOf(*m_seen);
}

QString KeychainStore::description() const
{
    const KeychainProgram seen = m_seen->program;
    return nameOf(seen == KeychainProgram::Unknown ? m_keychains->current() : seen);
}

} // namespace mooring::storage
