// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/adding/pastefield.h"

#include "interop/paste.h"
#include "ui/widgets/excerpt.h"

#include <QAction>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QMenu>
#include <QSignalBlocker>

#include <algorithm>

namespace mooring::ui {

using namespace Qt::StringLiterals;

namespace {

/// An address may have this many characters; a text with more is something else.
constexpr qsizetype longestLine = 4000;
constexpr qsizetype longestShown = 120;

/// Such a text is laid out anew at each change, pictures and all.
bool fitsInALine(const QString &text)
{
    const QString bare = text.left(longestLine + 1).trimmed();
    const bool isPlain =
        std::ranges::none_of(bare, [](QChar c) { return c == u'\n' || c == u'\r' || c.isSurrogate(); });
    return text.size() <= longestLine && isPlain;
}

} // namespace

PasteField::PasteField(QWidget *parent)
    : QLineEdit(parent)
{
    // What is dropped goes to the window, which knows files too.
    setAcceptDrops(false);
    connect(this, &QLineEdit::textChanged, this, [this] {
        m_whole.clear();
        Q_EMIT wholeChanged();
    });
}

void PasteField::take(const QString &pasted)
{
    if (fitsInALine(pasted)) {
        m_whole.clear();
        if (text() == pasted.trimmed()) {
            Q_EMIT wholeChanged();
        } else {
            setText(pasted.trimmed());
        }
        return;
    }
    {
        const QSignalBlocker quiet(this);
        setText(shownText(pasted, longestShown));
        setCursorPosition(0);
    }
    // One more than may be read is enough to be refused.
    m_whole = pasted.left(interop::maximumPaste + 1);
    Q_EMIT wholeChanged();
}

void PasteField::paste(const QString &text)
{
    if (fitsInALine(text)) {
        insert(text.trimmed());
    } else {
        take(text);
    }
}

void PasteField::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Paste)) {
        paste(QGuiApplication::clipboard()->text());
        event->accept();
        return;
    }
    QLineEdit::keyPressEvent(event);
}

void PasteField::mouseReleaseEvent(QMouseEvent *event)
{
    const QClipboard *clipboard = QGuiApplication::clipboard();
    if (event->button() == Qt::MiddleButton && clipboard->supportsSelection()) {
        paste(clipboard->text(QClipboard::Selection));
        event->accept();
        return;
    }
    QLineEdit::mouseReleaseEvent(event);
}

void PasteField::contextMenuEvent(QContextMenuEvent *event)
{
    QMenu *menu = createStandardContextMenu();
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (auto *action = menu->findChild<QAction *>(u"edit-paste"_s)) {
        action->disconnect(this);
        connect(action, &QAction::triggered, this, [this] { paste(QGuiApplication::clipboard()->text()); });
    }
    menu->popup(event->globalPos());
}

} // namespace mooring::ui
