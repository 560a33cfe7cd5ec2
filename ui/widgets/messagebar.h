// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "ui/widgets/actionbutton.h"
#include "ui/widgets/cardframe.h"
#include "ui/widgets/excerptlabel.h"
#include "ui/widgets/statusmark.h"

#include <QToolButton>

#include <functional>

namespace mooring::ui {

struct Message {
    text::Tone tone = text::Tone::Neutral;
    QString text;
    /// For a report; shown on demand.
    QString detail = {};
    /// Empty for a message that only tells.
    QString actionText = {};
    std::function<void()> action = {};
    /// The connection whose trouble this is: with the trouble the message goes too. Empty for a message that
    /// stays until it is closed or replaced.
    QString about = {};
};

/// The message of an error; a stop on purpose is no trouble and has none.
std::optional<Message> messageOf(const base::Error &error);

/// Where outcomes and errors are told: in place, never in a box that must be clicked away. One message at a
/// time: a newer one replaces it, and what has been closed is never seen again.
class MessageBar final : public QWidget {
    Q_OBJECT
public:
    explicit MessageBar(QWidget *parent = nullptr);

    void show(const Message &message);
    void show(const base::Error &error);
    void dismiss();
    /// The trouble of that connection is over.
    void withdraw(const QString &connectionId);
    bool isEmpty() const { return !m_message; }

private:
    void setUpCard();
    void display();

    std::optional<Message> m_message;
    CardFrame *m_card;
    StatusMark *m_mark;
    ExcerptLabel *m_text;
    ExcerptLabel *m_detail;
    ActionButton *m_action;
    QToolButton *m_more;
    QToolButton *m_close;
};

} // namespace mooring::ui
