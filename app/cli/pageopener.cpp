// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/pageopener.h"

#include "base/displaytext.h"
#include "cli/systemopener.h"

#include <QCoreApplication>

namespace mooring::cli {

using namespace Qt::StringLiterals;

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("mooring::cli", text);
}

} // namespace

oauth::OpenUrl pageOpener(Terminal &terminal, bool opensBrowser)
{
    return [&terminal, opensBrowser](const QUrl &url) {
        const bool opened = opensBrowser && openInBrowser(url);
        terminal.say(opened ? tr("Your browser opens. If it does not, open this link:")
                            : tr("Open this link in a browser:"));
        terminal.say(u"\n  "_s + base::displayText(url.toString(QUrl::FullyEncoded), 8192) + u'\n');
        return opened;
    };
}

} // namespace mooring::cli
