// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/page/statecard.h"

#include "base/words.h"
#include "ui/widgets/actionbutton.h"
#include "ui/widgets/cardframe.h"
#include "ui/widgets/excerpt.h"
#include "ui/widgets/layouthelpers.h"
#include "ui/widgets/plainlabel.h"
#include "ui/widgets/statusmark.h"

#include <QResizeEvent>

namespace mooring::ui {

using namespace Qt::StringLiterals;
using base::Words;
using connections::Phase;
using text::Action;

namespace {

bool isUrgent(Action action)
{
    return action == Action::Authorize || action == Action::AuthorizeAgain || action == Action::Unlock
           || action == Action::TryNow;
}

} // namespace

StateCard::StateCard(QWidget *parent)
    : CardFrame(parent)
    , m_mark(new StatusMark)
    , m_headline(wrapped({}, PlainLabel::Ink::Bold))
    , m_sentence(new ExcerptLabel(500, PlainLabel::Ink::Muted))
    , m_button(new ActionButton({}))
    , m_top(new QBoxLayout(QBoxLayout::LeftToRight))
    , m_waiting(new WaitingPanel)
    , m_offer(new RemedyPanel)
{
    setObjectName(u"stateCard"_s);
    m_headline->setObjectName(u"headlineLabel"_s);
    m_sentence->label()->setObjectName(u"sentenceLabel"_s);
    m_button->setObjectName(u"stateActionButton"_s);
    setUpLayout();
    m_waiting->hide();
    m_offer->hide();
    connect(m_button, &QPushButton::clicked, this, [this] { Q_EMIT actionClicked(m_action); });
    connect(m_waiting, &WaitingPanel::openAgainClicked, this, &StateCard::openAgainClicked);
    connect(m_waiting, &WaitingPanel::cancelClicked, this, &StateCard::cancelClicked);
    connect(m_waiting, &WaitingPanel::addressPasted, this, &StateCard::addressPasted);
    connect(m_waiting, &WaitingPanel::changeClientClicked, this, &StateCard::changeClientClicked);
    connect(m_offer, &RemedyPanel::accepted, this, &StateCard::offerAccepted);
    connect(m_offer, &RemedyPanel::dismissed, this, &StateCard::offerDismissed);
}

void StateCard::setUpLayout()
{
    auto *words = new QVBoxLayout;
    words->setSpacing(ems(this, 0.15));
    words->addWidget(m_headline);
    words->addWidget(m_sentence);
    auto *told = new QHBoxLayout;
    told->setSpacing(ems(this, 0.75));
    told->addWidget(m_mark, 0, Qt::AlignTop);
    told->addLayout(words, 1);
    m_top->setSpacing(ems(this, 0.75));
    m_top->addLayout(told, 1);
    m_top->addWidget(m_button, 0, Qt::AlignVCenter | Qt::AlignTrailing);
    auto *all = new QVBoxLayout(this);
    const int gap = ems(this, 0.95);
    all->setContentsMargins(gap, gap, gap, gap);
    all->setSpacing(ems(this, 0.75));
    all->addLayout(m_top);
    all->addWidget(m_waiting);
    all->addWidget(m_offer);
}

void StateCard::setDetails(const ConnectionDetails &details, const QDateTime &now)
{
    const bool waits = details.view.state.phase == Phase::WaitingForBrowser || details.isSigningIn;
    const bool asks = details.clientNeeded.has_value();
    if (waits && !asks) {
        m_waiting->setSignInUrl(details.signInUrl);
        m_waiting->setClientChangeable(details.usesTypedClient);
    } else if (!m_waiting->isHidden()) {
        m_waiting->clear();
    }
    m_waiting->setVisible(waits && !asks);
    m_cancelIsBelow = waits;
    text::Wording wording = text::wordingOf(details.view.state, details.view.record, now);
    if (details.isSigningIn && wording.action != Action::Cancel) {
        wording.action = Action::Cancel;
        wording.sentence = Words::tr("The sign-in is being prepared.");
    }
    if (asks) {
        wording.headline = Words::tr("This service wants an app of your own");
        wording.sentence = Words::tr("It takes a minute, and only once for all connections to this service.");
    }
    const bool entersBySelf =
        details.view.record.settings.way == oauth::SignInSettings::Way::ClientCredentials;
    if (entersBySelf && details.view.state.phase == Phase::NotAuthorized && !details.view.state.error) {
        wording.sentence =
            Words::tr("Mooring signs in here by itself, as an app with an ID and a secret or key.");
    }
    std::optional<text::RemedyOffer> offer = offerOf(details);
    if (!offer) {
        offer = pendingOffer(details, now);
    }
    if (offer && offer->kind == text::RemedyOffer::Kind::AcceptNewIssuer) {
        // The question says the same, and more.
        wording.sentence.clear();
    }
    showOffer(offer);
    setWording(wording);
}

void StateCard::showOffer(const std::optional<text::RemedyOffer> &offer)
{
    if (offer) {
        m_offer->setOffer(*offer);
    }
    m_offer->setVisible(offer.has_value());
    m_offersHelp = offer && offer->kind != text::RemedyOffer::Kind::ForgetRevocation;
}

void StateCard::setWording(const text::Wording &wording)
{
    m_action = wording.action;
    m_mark->setTone(wording.tone);
    m_headline->setText(shownText(wording.headline));
    m_sentence->setText(wording.sentence);
    m_sentence->setVisible(!wording.sentence.isEmpty());
    m_button->setText(wording.actionText);
    // The panel below, or the guide, has a Cancel of its own, beside what else can be done then.
    const bool below = m_action == Action::Cancel && m_cancelIsBelow;
    m_button->setVisible(m_action != Action::None && !below);
    // One button that makes sense now, not two.
    m_button->setPrimary(!m_offersHelp && isUrgent(m_action));
}

void StateCard::resizeEvent(QResizeEvent *event)
{
    CardFrame::resizeEvent(event);
    const bool narrow = event->size().width() < letters(this, 62);
    m_top->setDirection(narrow ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
}

} // namespace mooring::ui
