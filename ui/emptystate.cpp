// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/emptystate.h"

#include <QCoreApplication>
#include <QGridLayout>
#include <QVBoxLayout>

namespace mooring::ui {

using namespace Qt::StringLiterals;

QList<DemoServer> demoServers()
{
    const auto tr = [](const char *text) { return QCoreApplication::translate("mooring::ui", text); };
    return {
        {tr("Protected"), u"http://127.0.0.1:27111/mcp"_s,
         tr("wants a sign-in; its access lasts two minutes")},
        {tr("Open"), u"http://127.0.0.1:27110/mcp"_s, tr("lets everybody in")},
        {tr("No registration"), u"http://127.0.0.1:27112/mcp"_s, tr("wants an app to be registered by hand")},
        {tr("API key"), u"http://127.0.0.1:27113/mcp"_s, tr("wants a key in a header")},
    };
}

EmptyState::EmptyState(bool isDemo, QWidget *parent)
    : QWidget(parent)
{
    setObjectName(u"emptyState"_s);
    PlainLabel *title = wrapped(tr("No servers yet"), PlainLabel::Ink::Title);
    PlainLabel *text =
        wrapped(tr("Paste the address of an MCP server. Mooring finds out what it wants, your browser "
                   "signs you in, and the sign-in stays fresh until you disconnect."),
                PlainLabel::Ink::Muted);
    title->setAlignment(Qt::AlignHCenter);
    text->setAlignment(Qt::AlignHCenter);
    auto *add = new ActionButton(tr("Add a server"));
    add->setObjectName(u"emptyStateAddButton"_s);
    add->setIcon(icon(Symbol::Add));
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
        column->addWidget(makeDemoHint());
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

QWidget *EmptyState::makeDemoHint()
{
    auto *card = new CardFrame;
    card->setObjectName(u"demoHintCard"_s);
    auto *grid = new QGridLayout(card);
    const int gap = ems(this, 0.9);
    grid->setContentsMargins(gap, gap, gap, gap);
    grid->setHorizontalSpacing(ems(this, 0.8));
    grid->setVerticalSpacing(ems(this, 0.45));
    grid->setColumnStretch(1, 1);
    grid->addWidget(
        wrapped(tr("This is the demo. Its servers run on this computer; try one:"), PlainLabel::Ink::Bold), 0,
        0, 1, 2);
    int row = 1;
    const QList<DemoServer> servers = demoServers();
    for (const DemoServer &server : servers) {
        auto *button = new ActionButton(server.name);
        button->setObjectName(u"demoServerButton"_s);
        button->setAccessibleName(tr("Add the demo server “%1” at %2").arg(server.name, server.address));
        connect(button, &QPushButton::clicked, this, [this, server] { Q_EMIT addRequested(server.address); });
        auto *words = new QVBoxLayout;
        words->setSpacing(0);
        PlainLabel *address = singleLine(server.address);
        address->setTextInteractionFlags(Qt::TextSelectableByMouse);
        words->addWidget(address);
        words->addWidget(wrapped(server.explanation, PlainLabel::Ink::Muted));
        grid->addWidget(button, row, 0, Qt::AlignTop);
        grid->addLayout(words, row, 1);
        ++row;
    }
    return card;
}

} // namespace mooring::ui
