// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/changeturn.h"

#include "base/task.h"

#include <QDateTime>
#include <QFile>
#include <QFileInfo>
#include <QStandardPaths>

#include <algorithm>
#include <utility>

namespace mooring::storage {

using namespace Qt::StringLiterals;
using base::Task;

namespace {

/// Mostly the derivation of the key, which KeePassXC sets to about a second.
constexpr std::chrono::milliseconds untilItHasSaved(1500);

/// The clock may have been set meanwhile.
std::chrono::milliseconds pauseAfter(const QDateTime &change)
{
    const std::chrono::milliseconds since(change.msecsTo(QDateTime::currentDateTime()));
    return change.isValid()
               ? std::clamp(untilItHasSaved - since, std::chrono::milliseconds(0), untilItHasSaved)
               : std::chrono::milliseconds(0);
}

} // namespace

ChangeTurn::ChangeTurn(QString path, std::optional<FileLock> lock)
    : m_path(std::move(path))
    , m_lock(std::move(lock))
{
    noteTime(); // for others, should this process be killed in its turn
}

ChangeTurn::ChangeTurn(ChangeTurn &&other) noexcept
    : m_path(std::move(other.m_path))
    , m_lock(std::exchange(other.m_lock, std::nullopt))
{
}

ChangeTurn::~ChangeTurn()
{
    noteTime();
}

/// The file's time is that of the last change.
void ChangeTurn::noteTime() const
{
    QFile file(m_path);
    if (m_lock && file.open(QFile::WriteOnly)) {
        file.write("KeePassXC\n");
    }
}

Task<ChangeTurn> ChangeTurn::take(std::chrono::milliseconds patience)
{
    const QString path =
        QStandardPaths::writableLocation(QStandardPaths::RuntimeLocation) + u"/mooring-keepassxc.lock"_s;
    const std::chrono::milliseconds pause = pauseAfter(QFileInfo(path).lastModified());
    base::Result<FileLock> held = co_await FileLock::acquire(path, patience, {});
    std::optional<FileLock> lock;
    if (held) {
        lock = std::move(*held);
    }
    const std::chrono::milliseconds left = lock ? pauseAfter(QFileInfo(path).lastModified()) : pause;
    if (left > std::chrono::milliseconds(0)) {
        co_await base::sleepFor(left, {});
    }
    ChangeTurn turn(path, std::move(lock));
    co_return turn;
}

} // namespace mooring::storage
