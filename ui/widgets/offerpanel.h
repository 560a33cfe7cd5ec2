// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/offers.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/paintedwidgets.h"

namespace mooring::ui {

using text::Offer;

/// Shows an offer below the state it belongs to: the question, a button that agrees, and one that puts
/// it off where that can be done.
class OfferPanel final : public QWidget {
    Q_OBJECT
public:
    explicit OfferPanel(QWidget *parent = nullptr);

    void setOffer(const Offer &offer);
    /// The button that agrees gets the focus: what bends a rule is never taken by an Enter that was meant for
    /// something else.
    void focusAccept();

Q_SIGNALS:
    void accepted(const mooring::ui::Offer &offer);
    void dismissed();

private:
    Offer m_offer;
    PlainLabel *m_question;
    ActionButton *m_yes;
    ActionButton *m_no;
};

} // namespace mooring::ui
