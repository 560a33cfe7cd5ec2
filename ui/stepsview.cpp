// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/stepsview.h"

#include "base/displaytext.h"

#include <QCoreApplication>

namespace mooring::ui {

using namespace Qt::StringLiterals;
using connections::Tone;
using http::Step;

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("mooring::ui", text);
}

ToneMark *markOf(Step::Outcome outcome)
{
    ToneMark *mark = nullptr;
    switch (outcome) {
    case Step::Outcome::Done:
        mark = new ToneMark(Tone::Good, Symbol::Check);
        mark->setAccessibleName(tr("done"));
        break;
    case Step::Outcome::NotThere:
        mark = new ToneMark(Tone::Neutral, Symbol::Dash);
        mark->setAccessibleName(tr("not there"));
        break;
    case Step::Outcome::Failed:
        mark = new ToneMark(Tone::Bad, Symbol::Error);
        mark->setAccessibleName(tr("failed"));
        break;
    }
    return mark;
}

QString tookText(const Step &step)
{
    return step.verb.isEmpty() ? QString() : tr("%1 ms").arg(step.took.count());
}

} // namespace

QString requestText(const Step &step)
{
    if (step.verb.isEmpty()) {
        return {};
    }
    QStringList parts{QString::fromLatin1(step.verb) + u' ' + base::displayAuthority(step.url)
                      + base::displayText(step.url.path(QUrl::FullyEncoded))};
    parts << (step.status > 0 ? QString::number(step.status) : tr("no answer")) << tookText(step);
    return parts.join(u" · "_s);
}

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
    const QString learnt = base::displayText(step.learnt, 300);
    if (m_form == Form::Plain) {
        addRow(markOf(step.outcome), learnt, tookText(step), {});
        return;
    }
    QStringList below{requestText(step), base::displayText(step.detail, 300)};
    below.removeAll(QString());
    addRow(markOf(step.outcome), learnt, {}, below.join(u'\n'));
}

void StepsView::addLine(const QString &text, Tone tone)
{
    Symbol symbol = Symbol::Dash;
    QString spoken = tr("note");
    if (tone == Tone::Good) {
        symbol = Symbol::Check;
        spoken = tr("done");
    } else if (tone != Tone::Neutral) {
        symbol = tone == Tone::Bad ? Symbol::Error : Symbol::Warning;
        spoken = tr("attention");
    }
    auto *mark = new ToneMark(tone, symbol);
    mark->setAccessibleName(spoken);
    addRow(mark, base::displayText(text, 400), {}, {});
}

void StepsView::clear()
{
    while (QLayoutItem *item = m_grid->takeAt(0)) {
        if (QWidget *widget = item->widget()) {
            widget->hide();
            widget->deleteLater();
        }
        delete item;
    }
    m_count = 0;
}

void StepsView::addRow(ToneMark *mark, const QString &text, const QString &aside, const QString &below)
{
    if (m_count >= maximumSteps) {
        delete mark;
        return;
    }
    const int row = m_count * 3;
    if (m_count > 0) {
        m_grid->addWidget(new HairLine, row, 0, 1, 3);
    }
    m_grid->addWidget(mark, row + 1, 0, Qt::AlignTop);
    m_grid->addWidget(wrapped(text), row + 1, 1);
    if (!aside.isEmpty()) {
        m_grid->addWidget(singleLine(aside, PlainLabel::Ink::Muted), row + 1, 2,
                          Qt::AlignTop | Qt::AlignTrailing);
    }
    if (!below.isEmpty()) {
        PlainLabel *label = wrapped(below, PlainLabel::Ink::Muted);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        m_grid->addWidget(label, row + 2, 1, 1, 2);
    }
    ++m_count;
}

} // namespace mooring::ui
