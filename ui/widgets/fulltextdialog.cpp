// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/fulltextdialog.h"

#include "base/displaytext.h"
#include "base/words.h"
#include "ui/widgets/actionbutton.h"
#include "ui/widgets/excerpt.h"
#include "ui/widgets/layouthelpers.h"

#include <QClipboard>
#include <QElapsedTimer>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QVBoxLayout>

namespace mooring::ui {

using namespace Qt::StringLiterals;
using base::Words;

namespace {

constexpr qsizetype longestPiece = 240;
constexpr qsizetype mostPictures = 12;
/// Of a turn of the event loop.
constexpr qint64 turnMs = 8;

/// Where the indentation of a line ends: displayText() would take it away.
qsizetype indentOf(QStringView line)
{
    qsizetype indent = 0;
    while (indent < line.size() && indent < 80 && line.at(indent) == u' ') {
        ++indent;
    }
    return indent;
}

} // namespace

FullTextDialog::FullTextDialog(const QString &title, const QString &whole, QWidget *parent)
    : QDialog(parent)
    , m_whole(whole.left(longest))
    , m_view(new QPlainTextEdit)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setObjectName(u"fullTextDialog"_s);
    setWindowTitle(title);
    m_view->setObjectName(u"fullTextView"_s);
    m_view->setAccessibleName(title);
    m_view->setReadOnly(true);
    m_view->setUndoRedoEnabled(false);
    m_view->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_view->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    auto *close = new ActionButton(Words::tr("&Close"));
    close->setObjectName(u"closeFullTextButton"_s);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    auto *copy = new ActionButton(Words::tr("C&opy all"));
    copy->setObjectName(u"copyFullTextButton"_s);
    connect(copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(m_shown); });
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(copy);
    buttons->addStretch();
    buttons->addWidget(close);
    auto *all = new QVBoxLayout(this);
    all->addWidget(m_view, 1);
    all->addLayout(buttons);
    resize(letters(this, 90), ems(this, 28));
    connect(&m_feed, &QTimer::timeout, this, &FullTextDialog::addPieces);
    m_feed.start(0);
    m_view->setFocus();
}

void FullTextDialog::addPieces()
{
    QElapsedTimer turn;
    turn.start();
    while (!isComplete() && turn.elapsed() < turnMs) {
        m_view->appendPlainText(takePiece());
    }
    if (isComplete()) {
        m_feed.stop();
    }
}

QString FullTextDialog::takePiece()
{
    const QStringView rest = QStringView(m_whole).sliced(m_at);
    const qsizetype lineBreak = rest.left(longestPiece).indexOf(u'\n');
    QStringView line = rest.left(lineBreak < 0 ? longestPiece : lineBreak);
    qsizetype pictures = 0;
    for (qsizetype at = 0; at < line.size(); ++at) {
        const bool isPair = line.at(at).isHighSurrogate();
        if ((isPair || isPicture(line.at(at).unicode())) && ++pictures > mostPictures) {
            line = line.first(at);
            break;
        }
        at += isPair ? 1 : 0;
    }
    // Half a character is none.
    if (line.size() > 1 && line.last().isHighSurrogate()) {
        line.chop(1);
    }
    const bool endsLine = line.size() == lineBreak;
    m_at += std::max<qsizetype>(line.size() + (endsLine ? 1 : 0), 1);
    const qsizetype indent = indentOf(line);
    const QString piece = QString(indent, u' ') + base::displayText(line.sliced(indent), longestPiece);
    m_shown += piece;
    if (endsLine) {
        m_shown += u'\n';
    }
    return piece;
}

} // namespace mooring::ui
