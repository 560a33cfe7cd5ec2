// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/privatedisplay.h"

#include <QProcessEnvironment>
#include <QTest>

namespace mooring::support {

using namespace Qt::StringLiterals;

namespace {

constexpr int patience = 20000;

} // namespace

PrivateDisplay::~PrivateDisplay()
{
    for (QProcess *process : {&m_manager, &m_server}) {
        if (process->state() != QProcess::NotRunning) {
            process->terminate();
            process->waitForFinished(patience);
        }
    }
}

bool PrivateDisplay::start()
{
    m_server.setStandardErrorFile(QProcess::nullDevice());
    m_server.start(u"Xvfb"_s, {u"-displayfd"_s, u"1"_s, u"-screen"_s, u"0"_s, u"1280x800x24"_s,
                               u"-nolisten"_s, u"tcp"_s});
    if (!QTest::qWaitFor([this] { return m_server.canReadLine(); }, patience)) {
        return false;
    }
    m_name = u':' + QString::fromLatin1(m_server.readLine().trimmed());
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"DISPLAY"_s, m_name);
    m_manager.setProcessEnvironment(environment);
    m_manager.setStandardErrorFile(QProcess::nullDevice());
    m_manager.start(u"openbox"_s, {});
    return m_manager.waitForStarted(patience);
}

bool PrivateDisplay::press(const QString &title, const QStringList &keys)
{
    // The event loop goes on meanwhile: it is Mooring that waits for the window's answer.
    const QStringList find{u"search"_s, u"--onlyvisible"_s, u"--name"_s,
                           title,       u"windowfocus"_s,   u"--sync"_s};
    if (!QTest::qWaitFor([this, &find] { return xdotool(find); }, patience)) {
        return false;
    }
    return xdotool(QStringList{u"key"_s, u"--clearmodifiers"_s} + keys);
}

bool PrivateDisplay::xdotool(const QStringList &arguments)
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"DISPLAY"_s, m_name);
    process.setProcessEnvironment(environment);
    process.setStandardErrorFile(QProcess::nullDevice());
    process.start(u"xdotool"_s, arguments);
    return process.waitForFinished(patience) && process.exitCode() == 0;
}

} // namespace mooring::support
