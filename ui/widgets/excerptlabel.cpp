// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/excerptlabel.h"

#include "base/words.h"
#include "ui/widgets/excerpt.h"
#include "ui/widgets/fulltextdialog.h"

#include <QToolButton>
#include <QVBoxLayout>

namespace mooring::ui {

using namespace Qt::StringLiterals;
using base::Words;

ExcerptLabel::ExcerptLabel(qsizetype limit, PlainLabel::Ink ink, QWidget *parent)
    : QWidget(parent)
    , m_limit(limit)
    , m_label(wrapped({}, ink))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_label);
}

ExcerptLabel::ExcerptLabel(const QString &whole, qsizetype limit, PlainLabel::Ink ink)
    : ExcerptLabel(limit, ink)
{
    setText(whole);
}

void ExcerptLabel::setText(const QString &whole)
{
    const Excerpt excerpt = excerptOf(whole, m_limit);
    m_label->setText(excerpt.text);
    m_whole = excerpt.isCut ? whole : QString();
    setAllVisible(excerpt.isCut);
}

void ExcerptLabel::setText(const QString &shown, const QString &whole)
{
    m_label->setText(shownText(shown, m_limit));
    m_whole = whole;
    setAllVisible(!whole.isEmpty());
}

void ExcerptLabel::setAllVisible(bool visible)
{
    if (visible && !m_all) {
        m_all = new QToolButton;
        m_all->setObjectName(u"showAllButton"_s);
        m_all->setText(Words::tr("Show all"));
        m_all->setAccessibleName(Words::tr("Show all of this text"));
        m_all->setAutoRaise(true);
        m_all->setFocusPolicy(Qt::StrongFocus);
        connect(m_all, &QToolButton::clicked, this, &ExcerptLabel::showAll);
        static_cast<QVBoxLayout *>(layout())->addWidget(m_all, 0, Qt::AlignLeading);
    }
    if (m_all) {
        m_all->setVisible(visible);
    }
}

void ExcerptLabel::showAll()
{
    (new FullTextDialog(Words::tr("All of the text"), m_whole, window()))->open();
}

QWidget *makeExcerpt(const QString &whole, qsizetype limit, PlainLabel::Ink ink)
{
    const Excerpt excerpt = excerptOf(whole, limit);
    return excerpt.isCut ? static_cast<QWidget *>(new ExcerptLabel(whole, limit, ink))
                         : wrapped(excerpt.text, ink);
}

} // namespace mooring::ui
