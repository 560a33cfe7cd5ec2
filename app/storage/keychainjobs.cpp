// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/keychainjobs.h"

#ifdef MOORING_SECRET_SERVICE
#include "storage/secretservice.h"
#endif

#include <qt6keychain/keychain.h>

#include <QCoreApplication>
#include <QThread>

#include <functional>

namespace mooring::storage {

using namespace Qt::StringLiterals;
using base::Task;

namespace {

JobOutcome outcomeOf(QKeychain::Error error, const QString &words)
{
    switch (error) {
    case QKeychain::NoError:
        return JobOutcome::Done;
    case QKeychain::EntryNotFound:
        return JobOutcome::NotFound;
    case QKeychain::AccessDenied:
    case QKeychain::AccessDeniedByUser:
        return JobOutcome::Denied;
    case QKeychain::NoBackendAvailable:
    case QKeychain::NotImplemented:
        return JobOutcome::NoService;
    case QKeychain::CouldNotDeleteEntry:
    case QKeychain::OtherError:
        break;
    }
    // QtKeychain has one number for everything else; these are the words of GLib's D-Bus.
    const bool nobodyThere = words.contains("not provided by any .service files"_L1)
                             || words.contains("Cannot autolaunch D-Bus"_L1)
                             || words.contains("Could not connect"_L1);
    return nobodyThere ? JobOutcome::NoService : JobOutcome::Failed;
}

JobResult resultOf(const QKeychain::Job &job)
{
    JobResult result;
    result.outcome = outcomeOf(job.error(), job.errorString());
    result.detail = u"QtKeychain %1: %2"_s.arg(job.error()).arg(job.errorString());
    if (const auto *readJob = qobject_cast<const QKeychain::ReadPasswordJob *>(&job)) {
        result.text = readJob->textData();
    }
    return result;
}

/// Sets a variable of the environment and puts it back.
class Variable final {
public:
    Variable(const char *name, const QByteArray &value)
        : m_name(name)
        , m_wasSet(qEnvironmentVariableIsSet(name))
        , m_before(qgetenv(name))
    {
        qputenv(name, value);
    }
    ~Variable() { m_wasSet ? qputenv(m_name, m_before) : qunsetenv(m_name); }
    Q_DISABLE_COPY_MOVE(Variable)

private:
    const char *m_name;
    bool m_wasSet;
    QByteArray m_before;
};

/// QtKeychain chooses its store once, when the first job begins, and by the environment: with KDE's variables
/// it takes KWallet, or something else if KWallet doesn't answer within half a second. On Linux its jobs are
/// for the Secret Service here, whatever the desktop. Nothing may be left in the environment, which Mooring
/// reads and the browser inherits; the job begins from the event loop, right before what is queued after it.
void startJob(QKeychain::Job *job)
{
#ifdef MOORING_SECRET_SERVICE
    static bool hasChosen = false;
    if (!hasChosen) {
        hasChosen = true;
        const auto forNewer = std::make_shared<Variable>("QTKEYCHAIN_BACKEND", "libsecret"); // from 0.16 on
        const auto forOlder = std::make_shared<Variable>("XDG_CURRENT_DESKTOP", "GNOME");
        job->start();
        const auto putBack = [forNewer, forOlder] { };
        QMetaObject::invokeMethod(QCoreApplication::instance(), putBack, Qt::QueuedConnection);
        return;
    }
#endif
    job->start();
}

/// The job has no parent and deletes itself when it has ended.
Task<JobResult> runOnce(QKeychain::Job *job, QString key)
{
    Q_ASSERT(QThread::currentThread() == QCoreApplication::instance()->thread());
    const base::OneShot<JobResult> over;
    job->setAutoDelete(true);
    job->setInsecureFallback(false); // the fallback is a plain file
    job->setKey(key);
    QObject::connect(job, &QKeychain::Job::finished, job,
                     [over](QKeychain::Job *finished) { over.resolve(resultOf(*finished)); });
    startJob(job);
    JobResult result = co_await over;
    co_return result;
}

/// libsecret would keep what it knows of the service, and its session there, for the life of the process:
/// after a restart of the service every job would fail, and libsecret 0.20 may even crash (KeePassXC).
Task<JobResult> run(std::function<QKeychain::Job *()> makeJob, QString key)
{
    JobResult result = co_await runOnce(makeJob(), key);
#ifdef MOORING_SECRET_SERVICE
    forgetSecretSession();
#endif
    co_return result;
}

} // namespace

Task<JobResult> runReadJob(QString key)
{
    const auto make = [] { return new QKeychain::ReadPasswordJob(keychainServiceName); };
    return run(make, std::move(key));
}

Task<JobResult> runWriteJob(QString key, QString text)
{
    const auto make = [text] {
        auto *job = new QKeychain::WritePasswordJob(keychainServiceName);
        job->setTextData(text);
        return job;
    };
    return run(make, std::move(key));
}

Task<JobResult> runDeleteJob(QString key)
{
    const auto make = [] { return new QKeychain::DeletePasswordJob(keychainServiceName); };
    return run(make, std::move(key));
}

} // namespace mooring::storage
