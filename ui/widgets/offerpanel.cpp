// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/offerpanel.h"

#include "ui/widgets/excerpt.h"
#include "ui/widgets/flowlayout.h"

#include <QVBoxLayout>

namespace mooring::ui {

using namespace Qt::StringLiterals;

OfferPanel::OfferPanel(QWidget *parent)
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
    connect(m_no, &QPushButton::clicked, this, &OfferPanel::dismissed);
}

void OfferPanel::focusAccept()
{
    m_yes->setFocus();
}

void OfferPanel::setOffer(const Offer &offer)
{
    m_offer = offer;
    m_question->setText(shownText(offer.question, 900));
    // The question is what a screen reader says first.
    m_yes->setAccessibleDescription(m_question->text());
    m_yes->setText(shownText(offer.yes, 80));
    // What is only right for those who know why is not the thing to do next.
    m_yes->setPrimary(offer.kind != Offer::Kind::AcceptNewIssuer
                      && offer.kind != Offer::Kind::AcceptForeignPage
                      && offer.kind != Offer::Kind::ForgetRevocation);
    m_no->setText(offer.no);
    m_no->setVisible(!offer.no.isEmpty());
}

} // namespace mooring::ui
