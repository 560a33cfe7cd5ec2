// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/clientform.h"
#include "ui/connectionview.h"
#include "ui/waitingpanel.h"

#include <QBoxLayout>

namespace mooring::ui {

/// The headline of a connection: how it is doing, in words and colour, and the one button that makes
/// sense now; what to do meanwhile while a sign-in is under way.
class StateCard final : public CardFrame {
    Q_OBJECT
public:
    explicit StateCard(QWidget *parent = nullptr);

    void setDetails(const ConnectionDetails &details, const QDateTime &now);
    /// Only what the passing of time changes.
    void setWording(const connections::Wording &wording);
    WaitingPanel *waitingPanel() const { return m_waiting; }

Q_SIGNALS:
    void actionClicked(mooring::connections::Action action);
    void openAgainClicked();
    void cancelClicked();
    void addressPasted(const QString &address);
    void clientEntered(const QString &clientId, const QString &clientSecret);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void setUpLayout();

    connections::Action m_action = connections::Action::None;
    ToneMark *m_mark;
    PlainLabel *m_headline;
    PlainLabel *m_sentence;
    ActionButton *m_button;
    QBoxLayout *m_top;
    WaitingPanel *m_waiting;
    ClientForm *m_client;
};

} // namespace mooring::ui
