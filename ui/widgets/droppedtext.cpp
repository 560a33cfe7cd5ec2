// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/droppedtext.h"

#include "base/words.h"
#include "interop/paste.h"
#include "ui/widgets/excerpt.h"

#include <QFile>
#include <QFileInfo>
#include <QMimeData>
#include <QUrl>

#include <algorithm>

namespace mooring::ui {

using namespace Qt::StringLiterals;
using base::Words;

namespace {

base::Result<QString> refused(const QString &sentence)
{
    return base::failed(base::makeError(base::ErrorKind::InvalidInput, sentence));
}

bool isSettings(const QFileInfo &file)
{
    static const QStringList endings = {u"json"_s, u"jsonc"_s, u"json5"_s, u"toml"_s,
                                        u"yaml"_s, u"yml"_s,   u"md"_s,    u"txt"_s};
    return endings.contains(file.suffix().toLower());
}

/// Of a plain file only: whoever reads a pipe may wait for ever.
base::Result<QString> contentOf(const QFileInfo &file)
{
    const QString name = shownText(file.fileName(), 80);
    if (!file.isFile() || !isSettings(file)) {
        return refused(
            Words::tr("%1 is no file that Mooring reads servers from. It takes .json, .toml, .yaml and "
                      "text files.")
                .arg(name));
    }
    QFile opened(file.filePath());
    if (file.size() > interop::maximumPaste) {
        return refused(Words::tr("%1 is too large: Mooring reads files of up to 1 MiB.").arg(name));
    }
    if (!opened.open(QFile::ReadOnly)) {
        return refused(Words::tr("%1 can't be read.").arg(name));
    }
    return QString::fromUtf8(opened.read(interop::maximumPaste));
}

} // namespace

bool mayHoldServers(const QMimeData &dropped)
{
    return dropped.hasUrls() || dropped.hasText();
}

base::Result<QString> textOf(const QMimeData &dropped)
{
    const QList<QUrl> urls = dropped.urls();
    const auto isLocal = [](const QUrl &url) { return url.isLocalFile(); };
    if (!urls.isEmpty() && std::ranges::all_of(urls, isLocal)) {
        return contentOf(QFileInfo(urls.first().toLocalFile()));
    }
    if (dropped.hasText() && !dropped.text().trimmed().isEmpty()) {
        return dropped.text();
    }
    return urls.isEmpty() ? refused(Words::tr("There is no text in what was dropped."))
                          : base::Result<QString>(urls.first().toString(QUrl::FullyEncoded));
}

} // namespace mooring::ui
