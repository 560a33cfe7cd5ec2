// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/pageopener.h"

#include "base/displaytext.h"
#include "base/words.h"
#include "cli/systemopener.h"

namespace mooring::cli {

using namespace Qt::StringLiterals;
using base::Words;

oauth::OpenUrl pageOpener(Terminal &terminal, bool opensBrowser)
{
    return [&terminal, opensBrowser](const QUrl &url) {
        const bool opened = opensBrowser && openInBrowser(url);
        terminal.say(opened ? Words::tr("Your browser opens. If it does not, open this link:")
                            : Words::tr("Open this link in a browser:"));
        terminal.say(u"\n  "_s + base::displayText(url.toString(QUrl::FullyEncoded), 8192) + u'\n');
        return opened;
    };
}

} // namespace mooring::cli
