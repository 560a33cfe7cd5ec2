// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/page/connectiondetails.h"
#include "ui/page/waitingpanel.h"
#include "ui/widgets/actionbutton.h"
#include "ui/widgets/cardframe.h"
#include "ui/widgets/excerptlabel.h"
#include "ui/widgets/plainlabel.h"
#include "ui/widgets/remedypanel.h"
#include "ui/widgets/statusmark.h"

#include <QBoxLayout>

namespace mooring::ui {

/// The headline of a connection: how it is doing, in words and colour, and the one button that makes
/// sense now; what to do meanwhile while a sign-in is under way.
class StateCard final : public CardFrame {
    Q_OBJECT
public:
    explicit StateCard(QWidget *parent = nullptr);

    void setDetails(const ConnectionDetails &details, const QDateTime &now);
    WaitingPanel *waitingPanel() const { return m_waiting; }

Q_SIGNALS:
    void actionClicked(mooring::text::Action action);
    void openAgainClicked();
    void cancelClicked();
    void addressPasted(const QString &address);
    void changeClientClicked();
    void offerAccepted(const mooring::text::RemedyOffer &offer);
    void offerDismissed();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void setUpLayout();
    void setWording(const text::Wording &wording);
    void showOffer(const std::optional<text::RemedyOffer> &offer);

    text::Action m_action = text::Action::None;
    StatusMark *m_mark;
    PlainLabel *m_headline;
    ExcerptLabel *m_sentence;
    ActionButton *m_button;
    QBoxLayout *m_top;
    WaitingPanel *m_waiting;
    RemedyPanel *m_offer;
    /// The offer is what makes sense now; else the button is.
    bool m_offersHelp = false;
    bool m_cancelIsBelow = false;
};

} // namespace mooring::ui
