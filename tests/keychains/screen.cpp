// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "keychains/screen.h"

#include <QRegularExpression>

namespace mooring::keychains {

using namespace Qt::StringLiterals;

namespace {

constexpr int patience = 20'000;

QString xdotool(const QStringList &words)
{
    QProcess process;
    process.start(u"xdotool"_s, words);
    process.waitForFinished(patience);
    return QString::fromUtf8(process.readAllStandardOutput()).trimmed();
}

} // namespace

Screen::Screen()
{
    m_server.setStandardErrorFile(QProcess::nullDevice());
    m_server.start(u"Xvfb"_s, {u"-displayfd"_s, u"1"_s, u"-nolisten"_s, u"tcp"_s, u"-screen"_s, u"0"_s,
                               u"1024x768x24"_s});
    if (!m_server.waitForReadyRead(patience)) {
        qFatal("Xvfb can't be started");
    }
    qputenv("DISPLAY", ":" + m_server.readAllStandardOutput().trimmed());
    qunsetenv("WAYLAND_DISPLAY");
    m_windowManager.setStandardOutputFile(QProcess::nullDevice());
    m_windowManager.setStandardErrorFile(QProcess::nullDevice());
    m_windowManager.start(u"openbox"_s, QStringList());
    if (!m_windowManager.waitForStarted(patience)) {
        qFatal("openbox can't be started");
    }
}

Screen::~Screen()
{
    for (QProcess *process : {&m_windowManager, &m_server}) {
        process->kill();
        process->waitForFinished(patience);
    }
}

QString Screen::windowOf(const QString &program)
{
    return xdotool({u"search"_s, u"--onlyvisible"_s, u"--class"_s, program}).section(u'\n', -1);
}

QString Screen::windowNamed(const QString &title)
{
    return xdotool({u"search"_s, u"--onlyvisible"_s, u"--name"_s, title}).section(u'\n', -1);
}

void Screen::type(const QString &window, const QString &text)
{
    xdotool({u"windowfocus"_s, window});
    xdotool({u"type"_s, u"--delay"_s, u"5"_s, text});
}

void Screen::press(const QString &window, const QString &key)
{
    xdotool({u"windowfocus"_s, window});
    xdotool({u"key"_s, key});
}

void Screen::click(const QString &window, int x, int y)
{
    static const QRegularExpression size(u"WIDTH=(\\d+)\\s+HEIGHT=(\\d+)"_s);
    const auto found = size.match(xdotool({u"getwindowgeometry"_s, u"--shell"_s, window}));
    const int right = x < 0 ? found.captured(1).toInt() : 0;
    const int bottom = y < 0 ? found.captured(2).toInt() : 0;
    xdotool({u"mousemove"_s, u"--window"_s, window, QString::number(right + x), QString::number(bottom + y),
             u"click"_s, u"1"_s});
}

void Screen::capture(const QString &file)
{
    QProcess::execute(u"import"_s, {u"-window"_s, u"root"_s, file});
}

} // namespace mooring::keychains
