// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/list/demohint.h"

#include "base/words.h"
#include "ui/widgets/actionbutton.h"
#include "ui/widgets/layouthelpers.h"
#include "ui/widgets/plainlabel.h"

#include <QHBoxLayout>
#include <QToolButton>
#include <QVBoxLayout>

namespace mooring::ui {

using namespace Qt::StringLiterals;
using base::Words;

QList<DemoServer> demoServers()
{
    return {
        {Words::tr("Protected"), u"http://127.0.0.1:27111/mcp"_s,
         Words::tr("wants a sign-in; its access lasts two minutes")},
        {Words::tr("Open"), u"http://127.0.0.1:27110/mcp"_s, Words::tr("lets everybody in")},
        {Words::tr("No registration"), u"http://127.0.0.1:27112/mcp"_s,
         Words::tr("wants an app to be registered by hand")},
        {Words::tr("API key"), u"http://127.0.0.1:27113/mcp"_s, Words::tr("wants a key in a header")},
    };
}

DemoHint::DemoHint(Closing closing, QWidget *parent)
    : CardFrame(parent)
{
    setObjectName(u"demoHintCard"_s);
    auto *all = new QVBoxLayout(this);
    const int gap = ems(this, 0.9);
    all->setContentsMargins(gap, gap, gap, gap);
    all->setSpacing(ems(this, 0.45));
    all->addWidget(makeHead(closing));
    const QList<DemoServer> servers = demoServers();
    for (const DemoServer &server : servers) {
        QWidget *row = makeRow(server);
        m_rows.append({QUrl(server.address), row});
        all->addWidget(row);
    }
}

QWidget *DemoHint::makeHead(Closing closing)
{
    auto *head = new QWidget;
    auto *line = new QHBoxLayout(head);
    line->setContentsMargins(0, 0, 0, 0);
    line->addWidget(wrapped(Words::tr("This is the demo. Its servers run on this computer; try one:"),
                            PlainLabel::Ink::Bold),
                    1);
    if (closing == Closing::ByButton) {
        auto *close = new QToolButton;
        close->setObjectName(u"closeDemoHintButton"_s);
        close->setIcon(icon(Symbol::Close, QPalette::WindowText));
        close->setAutoRaise(true);
        close->setFocusPolicy(Qt::StrongFocus);
        close->setAccessibleName(Words::tr("Close the list of demo servers"));
        connect(close, &QToolButton::clicked, this, [this] {
            m_isClosed = true;
            hide();
        });
        line->addWidget(close, 0, Qt::AlignTop);
    }
    return head;
}

QWidget *DemoHint::makeRow(const DemoServer &server)
{
    auto *button = new ActionButton(server.name);
    button->setObjectName(u"demoServerButton"_s);
    button->setMinimumWidth(letters(this, 19));
    button->setAccessibleName(Words::tr("Add the demo server “%1” at %2").arg(server.name, server.address));
    connect(button, &QPushButton::clicked, this, [this, server] { Q_EMIT addRequested(server.address); });
    PlainLabel *address = singleLine(server.address);
    address->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto *words = new QVBoxLayout;
    words->setSpacing(0);
    words->addWidget(address);
    words->addWidget(wrapped(server.explanation, PlainLabel::Ink::Muted));
    auto *row = new QWidget;
    auto *line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(ems(this, 0.8));
    line->addWidget(button, 0, Qt::AlignTop);
    line->addLayout(words, 1);
    return row;
}

void DemoHint::setKnown(const QList<QUrl> &addresses)
{
    bool isAnyLeft = false;
    for (const Row &row : std::as_const(m_rows)) {
        const bool isLeft = !addresses.contains(row.address);
        row.widget->setVisible(isLeft);
        isAnyLeft = isAnyLeft || isLeft;
    }
    setVisible(isAnyLeft && !m_isClosed);
}

} // namespace mooring::ui
