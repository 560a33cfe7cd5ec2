// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/systemopener.h"

#include <QProcess>
#include <QStandardPaths>

#ifdef Q_OS_WIN
#include <windows.h>

#include <shellapi.h>
#endif

namespace mooring::cli {

using namespace Qt::StringLiterals;

namespace {

#ifndef Q_OS_WIN
bool startOpener(const QString &address)
{
#ifdef Q_OS_MACOS
    const QString name = u"open"_s;
#else
    const QString name = u"xdg-open"_s;
#endif
    QProcess opener;
    opener.setProgram(QStandardPaths::findExecutable(name));
    if (opener.program().isEmpty()) {
        return false;
    }
    opener.setArguments({address});
    // A browser that is started this way writes about its own troubles.
    opener.setStandardInputFile(QProcess::nullDevice());
    opener.setStandardOutputFile(QProcess::nullDevice());
    opener.setStandardErrorFile(QProcess::nullDevice());
    return opener.startDetached();
}
#else
bool startOpener(const QString &address)
{
    const auto result = reinterpret_cast<INT_PTR>(
        ShellExecuteW(nullptr, L"open", reinterpret_cast<const wchar_t *>(address.utf16()), nullptr, nullptr,
                      SW_SHOWNORMAL));
    // Its documentation: larger than 32 means that it worked.
    return result > 32;
}
#endif

} // namespace

bool openInBrowser(const QUrl &url)
{
    if (!url.isValid() || (url.scheme() != "https"_L1 && url.scheme() != "http"_L1)) {
        return false;
    }
    return startOpener(url.toString(QUrl::FullyEncoded));
}

} // namespace mooring::cli
