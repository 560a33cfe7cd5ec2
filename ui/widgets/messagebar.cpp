// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/messagebar.h"

#include "base/words.h"
#include "ui/widgets/actionbutton.h"
#include "ui/widgets/cardframe.h"
#include "ui/widgets/layouthelpers.h"
#include "ui/widgets/plainlabel.h"
#include "ui/widgets/statusmark.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

namespace mooring::ui {

using namespace Qt::StringLiterals;
using base::Words;
using text::Tone;

std::optional<Message> messageOf(const base::Error &error)
{
    if (error.kind == base::ErrorKind::Cancelled) {
        return std::nullopt;
    }
    const Tone tone = error.kind == base::ErrorKind::RefusedByPolicy || error.kind == base::ErrorKind::Tls
                          ? Tone::Bad
                          : Tone::Attention;
    return Message{tone, error.sentence, error.detail};
}

MessageBar::MessageBar(QWidget *parent)
    : QWidget(parent)
    , m_card(new CardFrame)
    , m_mark(new StatusMark)
    , m_text(new ExcerptLabel(500))
    , m_detail(new ExcerptLabel(800, PlainLabel::Ink::Muted))
    , m_action(new ActionButton({}))
    , m_more(new QToolButton)
    , m_close(new QToolButton)
{
    setUpCard();
    m_action->setObjectName(u"messageActionButton"_s);
    m_more->setObjectName(u"messageDetailsButton"_s);
    m_close->setObjectName(u"messageCloseButton"_s);
    m_text->label()->setObjectName(u"messageLabel"_s);
    connect(m_close, &QToolButton::clicked, this, &MessageBar::dismiss);
    connect(m_more, &QToolButton::toggled, m_detail, &QWidget::setVisible);
    connect(m_action, &QPushButton::clicked, this, [this] {
        const std::function<void()> action = m_message ? m_message->action : nullptr;
        dismiss();
        if (action) {
            action();
        }
    });
    hide();
}

void MessageBar::setUpCard()
{
    m_more->setText(Words::tr("Details"));
    m_more->setCheckable(true);
    m_more->setAutoRaise(true);
    m_more->setAccessibleName(Words::tr("Details of this message"));
    m_close->setIcon(icon(Symbol::Close, QPalette::WindowText));
    m_close->setAutoRaise(true);
    m_close->setAccessibleName(Words::tr("Close this message"));
    m_detail->label()->setTextInteractionFlags(Qt::TextSelectableByMouse);

    auto *row = new QHBoxLayout;
    row->setSpacing(ems(this, 0.6));
    row->addWidget(m_mark, 0, Qt::AlignTop);
    row->addWidget(m_text, 1);
    row->addWidget(m_action, 0, Qt::AlignTop);
    row->addWidget(m_more, 0, Qt::AlignTop);
    row->addWidget(m_close, 0, Qt::AlignTop);
    auto *inner = new QVBoxLayout(m_card);
    const int gap = ems(this, 0.6);
    inner->setContentsMargins(gap, gap, gap, gap);
    inner->addLayout(row);
    inner->addWidget(m_detail);
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(gap, gap, gap, 0);
    outer->addWidget(m_card);
}

void MessageBar::show(const Message &message)
{
    m_message = message;
    display();
}

void MessageBar::show(const base::Error &error)
{
    if (const std::optional<Message> message = messageOf(error)) {
        show(*message);
    }
}

void MessageBar::dismiss()
{
    m_message.reset();
    display();
}

void MessageBar::withdraw(const QString &connectionId)
{
    if (m_message && m_message->about == connectionId && !connectionId.isEmpty()) {
        dismiss();
    }
}

void MessageBar::display()
{
    if (!m_message) {
        hide();
        return;
    }
    const Message &message = *m_message;
    m_card->setTone(message.tone);
    m_mark->setTone(message.tone);
    m_text->setText(message.text);
    m_detail->setText(message.detail);
    // A few words for developers say little when they are spoken alone.
    m_detail->label()->setAccessibleName(Words::tr("Details: %1").arg(m_detail->label()->text()));
    m_more->setChecked(false);
    m_more->setVisible(!message.detail.isEmpty());
    m_detail->hide();
    m_action->setText(message.actionText);
    m_action->setVisible(!message.actionText.isEmpty());
    QWidget::show();
}

} // namespace mooring::ui
