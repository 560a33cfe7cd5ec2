// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/remedypanel.h"

#include "ui/widgets/excerpt.h"
#include "ui/widgets/flowlayout.h"
#include "ui/widgets/hairline.h"
#include "ui/widgets/layouthelpers.h"

#include <QVBoxLayout>

namespace mooring::ui {

using namespace Qt::StringLiterals;

RemedyPanel::RemedyPanel(QWidget *parent)
    : QWidget(parent)
    , m_question(wrapped({}))
    , m_yes(new ActionButton({}))
    , m_no(new ActionButton({}))
{
    m_question->setObjectName(u"offerLabel"_s);
    m_yes->setObjectName(u"offerAcceptButton"_s);
    m_no->setObjectName(u"offerDismissButton"_s);
    auto *buttons = new FlowLayout;
    buttons->addWidget(m_yes);
    buttons->addWidget(m_no);
    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(ems(this, 0.6));
    all->addWidget(new HairLine);
    all->addWidget(m_question);
    all->addLayout(buttons);
    connect(m_yes, &QPushButton::clicked, this, [this] { Q_EMIT accepted(m_offer); });
    connect(m_no, &QPushButton::clicked, this, &RemedyPanel::dismissed);
}

void RemedyPanel::focusAccept()
{
    m_yes->setFocus();
}

void RemedyPanel::setOffer(const text::RemedyOffer &offer)
{
    m_offer = offer;
    m_question->setText(shownText(offer.question, 900));
    // The question is what a screen reader says first.
    m_yes->setAccessibleDescription(m_question->text());
    m_yes->setText(shownText(offer.yes, 80));
    // What is only right for those who know why is not the thing to do next.
    m_yes->setPrimary(offer.kind != text::RemedyOffer::Kind::AcceptNewIssuer
                      && offer.kind != text::RemedyOffer::Kind::AcceptForeignPage
                      && offer.kind != text::RemedyOffer::Kind::ForgetRevocation);
    m_no->setText(offer.no);
    m_no->setVisible(!offer.no.isEmpty());
}

} // namespace mooring::ui
