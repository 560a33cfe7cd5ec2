// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/remedyoffer.h"
#include "ui/widgets/actionbutton.h"
#include "ui/widgets/plainlabel.h"

namespace mooring::ui {

/// Shows an offer below the state it belongs to: the question, a button that agrees, and one that puts
/// it off where that can be done.
class RemedyPanel final : public QWidget {
    Q_OBJECT
public:
    explicit RemedyPanel(QWidget *parent = nullptr);

    void setOffer(const text::RemedyOffer &offer);
    /// The button that agrees gets the focus: what bends a rule is never taken by an Enter that was meant for
    /// something else.
    void focusAccept();

Q_SIGNALS:
    void accepted(const mooring::text::RemedyOffer &offer);
    void dismissed();

private:
    text::RemedyOffer m_offer;
    PlainLabel *m_question;
    ActionButton *m_yes;
    ActionButton *m_no;
};

} // namespace mooring::ui
