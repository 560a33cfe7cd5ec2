// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "ui/labels.h"
#include "ui/paintedwidgets.h"

#include <QToolButton>

#include <functional>

namespace mooring::ui {

struct Message {
    connections::Tone tone = connections::Tone::Neutral;
    QString text;
    /// For a report; shown on demand.
    QString detail = {};
    /// Empty for a message that only tells.
    QString actionText = {};
    std::function<void()> action = {};
};

/// The message of an error; a stop on purpose is no trouble and has none.
std::optional<Message> messageOf(const base::Error &error);

/// Where outcomes and errors are told: in place, never in a box that must be clicked away. Shows the
/// newest message; closing it shows the one before, of at most a few.
class MessageBar final : public QWidget {
    Q_OBJECT
public:
    static constexpr qsizetype maximumMessages = 3;

    explicit MessageBar(QWidget *parent = nullptr);

    void show(const Message &message);
    void show(const base::Error &error);
    void dismiss();
    qsizetype count() const { return m_messages.size(); }

private:
    void setUpCard();
    void display();

    QList<Message> m_messages;
    CardFrame *m_card;
    ToneMark *m_mark;
    PlainLabel *m_text;
    PlainLabel *m_detail;
    ActionButton *m_action;
    QToolButton *m_more;
    QToolButton *m_close;
};

} // namespace mooring::ui
