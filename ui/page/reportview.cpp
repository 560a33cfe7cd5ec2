// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/page/reportview.h"

#include "base/moments.h"
#include "base/words.h"
#include "text/reporttext.h"
#include "ui/widgets/actionbutton.h"
#include "ui/widgets/excerpt.h"
#include "ui/widgets/flowlayout.h"
#include "ui/widgets/layouthelpers.h"
#include "ui/widgets/plainlabel.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QVBoxLayout>

namespace mooring::ui {

using namespace Qt::StringLiterals;
using base::Words;
using connections::Phase;

ReportView::ReportView(QWidget *parent)
    : QWidget(parent)
    , m_verdict(wrapped({}, PlainLabel::Ink::Bold))
    , m_when(wrapped({}, PlainLabel::Ink::Muted))
    , m_steps(new StepsView(StepsView::Form::Report))
    , m_authorize(new ActionButton(Words::tr("Authorize")))
    , m_copy(new ActionButton(Words::tr("Cop&y report")))
    , m_checkAgain(new ActionButton(Words::tr("Chec&k again")))
{
    m_verdict->setObjectName(u"reportVerdictLabel"_s);
    setUpButtons();
    auto *buttons = new FlowLayout;
    for (ActionButton *button : {m_checkAgain, m_copy, m_authorize}) {
        buttons->addWidget(button);
    }
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, ems(this, 0.9), ems(this, 0.4), ems(this, 0.9));
    column->setSpacing(ems(this, 0.35));
    column->addWidget(m_verdict);
    column->addWidget(m_when);
    column->addSpacing(ems(this, 0.2));
    column->addLayout(buttons);
    column->addSpacing(ems(this, 0.4));
    column->addWidget(m_steps);
    column->addStretch();
}

void ReportView::setUpButtons()
{
    m_checkAgain->setObjectName(u"checkAgainButton"_s);
    m_authorize->setObjectName(u"authorizeOpenServerButton"_s);
    m_copy->setObjectName(u"copyReportButton"_s);
    m_copy->setToolTip(Words::tr("For a question or a bug report. There is no secret in it."));
    connect(m_checkAgain, &QPushButton::clicked, this, &ReportView::checkAgainClicked);
    connect(m_authorize, &QPushButton::clicked, this, &ReportView::authorizeClicked);
    connect(m_copy, &QPushButton::clicked, this, &ReportView::copyReport);
}

void ReportView::copyReport()
{
    if (m_details.report) {
        const connections::ConnectionRecord &record = m_details.view.record;
        QGuiApplication::clipboard()->setText(
            text::reportText(record.url, *m_details.report, record.settings));
        m_copy->setText(Words::tr("Report copied"));
    }
}

void ReportView::setDetails(const ConnectionDetails &details, const QDateTime &now)
{
    const bool isSame = m_details.view.record.id == details.view.record.id
                        && m_details.report.has_value() == details.report.has_value()
                        && (!details.report || m_details.report->at == details.report->at);
    m_details = details;
    m_checkAgain->setEnabled(details.view.state.phase != Phase::Checking);
    // Some servers let everybody in and want a sign-in for a few of their tools only.
    m_authorize->setVisible(details.view.state.phase == Phase::Open);
    m_copy->setVisible(details.report.has_value());
    if (!details.report) {
        m_verdict->setText(Words::tr("Nobody has looked at this server yet."));
        m_when->setText(Words::tr("Check it, and what was asked and found is written down here."));
        m_steps->clear();
        return;
    }
    m_verdict->setText(text::verdictSentence(*details.report));
    m_when->setText(
        details.report->at.isValid()
            ? Words::tr("What Mooring asked and found out, %1").arg(base::whenText(details.report->at, now))
            : Words::tr("What Mooring asked and found out"));
    // Steps that somebody has unfolded stay as they are.
    if (!isSame || m_steps->count() == 0) {
        m_copy->setText(Words::tr("Cop&y report"));
        m_steps->setSteps(details.report->steps);
        // A server can want a sign-in and not say how.
        const std::optional<base::Error> &error = details.report->error;
        if (error && shownText(error->sentence, 1000) != m_verdict->text()) {
            m_steps->addLine(error->sentence, text::Tone::Attention);
        }
    }
}

} // namespace mooring::ui
