// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/list/emptystate.h"

#include "base/words.h"
#include "ui/list/demohint.h"
#include "ui/widgets/actionbutton.h"
#include "ui/widgets/layouthelpers.h"
#include "ui/widgets/plainlabel.h"

#include <QVBoxLayout>

namespace mooring::ui {

using namespace Qt::StringLiterals;
using base::Words;

EmptyState::EmptyState(bool isDemo, QWidget *parent)
    : QWidget(parent)
{
    setObjectName(u"emptyState"_s);
    PlainLabel *title = wrapped(Words::tr("No servers yet"), PlainLabel::Ink::Title);
    PlainLabel *text =
        wrapped(Words::tr("Paste the address of an MCP server. Mooring finds out what it wants, your browser "
                          "signs you in, and the sign-in stays fresh until you disconnect."),
                PlainLabel::Ink::Muted);
    title->setAlignment(Qt::AlignHCenter);
    text->setAlignment(Qt::AlignHCenter);
    auto *add = new ActionButton(Words::tr("Add server"));
    add->setObjectName(u"emptyStateAddButton"_s);
    add->setSymbol(Symbol::Add);
    add->setPrimary(true);
    connect(add, &QPushButton::clicked, this, [this] { Q_EMIT addRequested({}); });

    auto *column = new QVBoxLayout;
    column->setSpacing(ems(this, 0.9));
    column->addStretch(2);
    column->addWidget(title);
    column->addWidget(text);
    column->addWidget(add, 0, Qt::AlignHCenter);
    if (isDemo) {
        column->addSpacing(ems(this, 0.5));
        auto *hint = new DemoHint(DemoHint::Closing::Never);
        connect(hint, &DemoHint::addRequested, this, &EmptyState::addRequested);
        column->addWidget(hint);
    }
    column->addStretch(3);
    auto *all = new QHBoxLayout(this);
    all->setContentsMargins(ems(this, 1.2), ems(this, 1), ems(this, 1.2), ems(this, 1));
    auto *middle = new QWidget;
    middle->setLayout(column);
    column->setContentsMargins(0, 0, 0, 0);
    middle->setMaximumWidth(letters(this, 76));
    all->addWidget(middle);
    setFocusProxy(add);
}

} // namespace mooring::ui
