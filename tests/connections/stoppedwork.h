// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/connection.h"
#include "faultmatrix.h"
#include "support/measures.h"

#include <QTest>

namespace mooring::test {

/// The goal is 100 ms, and the figure is printed; a machine that is busy gets some more.
#ifdef __SANITIZE_ADDRESS__
inline constexpr qint64 longestCancel = 2000;
#else
inline constexpr qint64 longestCancel = 500;
#endif

using MaybeError = std::optional<base::Error>;

template <typename T>
base::Task<MaybeError> errorOf(base::Task<base::Result<T>> task)
{
    base::Result<T> result = co_await std::move(task);
    co_return result ? std::nullopt : MaybeError(result.error());
}

inline base::Task<MaybeError> errorOfCheck(std::shared_ptr<connections::Connection> connection,
                                           std::stop_token stop)
{
    mcp::ProbeReport report = co_await connection->check({}, stop);
    co_return report.error;
}

/// What a person starts that comes to that step.
inline base::Task<MaybeError>
workOf(Column column, const std::shared_ptr<connections::Connection> &connection, const std::stop_token &stop)
{
    connections::AuthorizeOptions options;
    switch (column) {
    case Column::Prb:
        return errorOfCheck(connection, stop);
    case Column::Ref:
        return errorOf(connection->accessToken(stop));
    case Column::Rev:
        return errorOf(connection->disconnectFromServer(stop));
    case Column::Reg:
        options.forgetRegistration = true;
        break;
    case Column::Prm:
    case Column::Asm:
    case Column::Tok:
        break;
    }
    return errorOf(connection->authorize(std::move(options), stop));
}

/// Work that hangs, and the person who stops it. Outlives the work.
class StoppedWork final {
public:
    std::stop_token token() const { return m_stop.get_token(); }
    void run(base::Task<MaybeError> task) { m_scope.run(watch(std::move(task), this)); }

    /// Stops it. Fails the test if it doesn't end as cancelled, or if that takes long.
    void cancel()
    {
        QVERIFY2(!m_hasEnded, "nothing hangs");
        const support::OwnTime time;
        m_stop.request_stop();
        QTRY_VERIFY_WITH_TIMEOUT(m_hasEnded, 30'000);
        s_longest = std::max(s_longest, time.elapsed());
        ++s_count;
        QVERIFY2(time.elapsed() < longestCancel, qPrintable(QString::number(time.elapsed())));
        QVERIFY(m_error);
        QVERIFY2(m_error->kind == base::ErrorKind::Cancelled, qPrintable(m_error->sentence));
    }
    static void printLongest()
    {
        qInfo("cancelled %d times while something hung: the longest took %lld ms", s_count,
              static_cast<long long>(s_longest));
    }

private:
    static base::Task<void> watch(base::Task<MaybeError> task, StoppedWork *work)
    {
        work->m_error = co_await std::move(task);
        work->m_hasEnded = true;
    }

    std::stop_source m_stop;
    bool m_hasEnded = false;
    MaybeError m_error;
    base::TaskScope m_scope;
    static inline qint64 s_longest = 0;
    static inline int s_count = 0;
};

} // namespace mooring::test
