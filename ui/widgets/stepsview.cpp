// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/stepsview.h"

#include "base/words.h"
#include "text/reporttext.h"
#include "ui/widgets/excerpt.h"
#include "ui/widgets/excerptlabel.h"
#include "ui/widgets/hairline.h"
#include "ui/widgets/layouthelpers.h"
#include "ui/widgets/plainlabel.h"

#include <QVBoxLayout>

namespace mooring::ui {

using namespace Qt::StringLiterals;
using base::Words;
using http::Step;
using text::Tone;

namespace {

StatusMark *markOf(Step::Outcome outcome)
{
    StatusMark *mark = nullptr;
    switch (outcome) {
    case Step::Outcome::Done:
        mark = new StatusMark(Tone::Good, Symbol::Check);
        mark->setAccessibleName(Words::tr("done"));
        break;
    case Step::Outcome::NotThere:
        mark = new StatusMark(Tone::Neutral, Symbol::Dash);
        mark->setAccessibleName(Words::tr("not there"));
        break;
    case Step::Outcome::Failed:
        mark = new StatusMark(Tone::Bad, Symbol::Error);
        mark->setAccessibleName(Words::tr("failed"));
        break;
    }
    return mark;
}

QString tookText(const Step &step)
{
    return step.verb.isEmpty() ? QString() : Words::tr("%1 ms").arg(step.took.count());
}

} // namespace

StepsView::StepsView(Form form, QWidget *parent)
    : QWidget(parent)
    , m_form(form)
    , m_grid(new QGridLayout(this))
{
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(ems(this, 0.75));
    m_grid->setVerticalSpacing(ems(this, 0.4));
    m_grid->setColumnStretch(1, 1);
}

void StepsView::setSteps(const QList<Step> &steps)
{
    clear();
    for (const Step &step : steps) {
        addStep(step);
    }
}

void StepsView::addStep(const Step &step)
{
    Row row{markOf(step.outcome)};
    row.text = step.learnt;
    if (m_form != Form::Technical) {
        row.aside = tookText(step);
    }
    if (m_form == Form::Report) {
        row.asked = text::askedText(step);
    }
    if (m_form != Form::Plain) {
        QStringList below{text::requestText(step), shownText(step.detail, 300)};
        below.removeAll(QString());
        row.below = below.join(u'\n');
    }
    addRow(row);
}

void StepsView::addLine(const QString &text, Tone tone)
{
    Symbol symbol = Symbol::Dash;
    QString spoken = Words::tr("note");
    if (tone == Tone::Good) {
        symbol = Symbol::Check;
        spoken = Words::tr("done");
    } else if (tone != Tone::Neutral) {
        symbol = tone == Tone::Bad ? Symbol::Error : Symbol::Warning;
        spoken = Words::tr("attention");
    }
    auto *mark = new StatusMark(tone, symbol);
    mark->setAccessibleName(spoken);
    addRow({mark, {}, text});
}

void StepsView::clear()
{
    clearLayout(m_grid);
    m_count = 0;
}

void StepsView::addRow(const Row &row)
{
    if (m_count >= maximumSteps) {
        delete row.mark;
        return;
    }
    int line = m_count * 3;
    ++m_count;
    if (m_count > 1) {
        m_grid->addWidget(new HairLine, line, 0, 1, 4);
    }
    m_grid->addWidget(row.mark, ++line, 0, Qt::AlignTop);
    // A widget, because clear() takes widgets away.
    auto *cell = new QWidget;
    auto *words = new QVBoxLayout(cell);
    words->setContentsMargins(0, 0, 0, 0);
    words->setSpacing(ems(this, 0.1));
    words->addWidget(makeExcerpt(row.text, 300));
    if (!row.asked.isEmpty()) {
        words->addWidget(wrapped(shownText(row.asked, 300), PlainLabel::Ink::Muted));
    }
    words->addStretch();
    m_grid->addWidget(cell, line, 1);
    if (!row.aside.isEmpty()) {
        m_grid->addWidget(singleLine(row.aside, PlainLabel::Ink::Muted), line, 2,
                          Qt::AlignTop | Qt::AlignTrailing);
    }
    PlainLabel *below = nullptr;
    if (!row.below.isEmpty()) {
        below = wrapped(row.below, PlainLabel::Ink::Muted);
        below->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    if (below && m_form == Form::Report) {
        m_grid->addWidget(makeFold(below), line, 3, Qt::AlignTop);
    }
    if (below) {
        m_grid->addWidget(below, line + 1, 1, 1, 3);
    }
}

QToolButton *StepsView::makeFold(QWidget *below)
{
    auto *fold = new QToolButton;
    fold->setObjectName(u"stepDetailsButton"_s);
    fold->setCheckable(true);
    fold->setAutoRaise(true);
    fold->setArrowType(Qt::RightArrow);
    fold->setFocusPolicy(Qt::StrongFocus);
    fold->setAccessibleName(Words::tr("Details of step %1").arg(m_count));
    fold->setToolTip(Words::tr("Details for developers"));
    below->hide();
    connect(fold, &QToolButton::toggled, below, [fold, below](bool open) {
        fold->setArrowType(open ? Qt::DownArrow : Qt::RightArrow);
        below->setVisible(open);
    });
    return fold;
}

} // namespace mooring::ui
