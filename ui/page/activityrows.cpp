// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/page/activityrows.h"

#include "base/moments.h"
#include "base/words.h"
#include "ui/widgets/excerptlabel.h"
#include "ui/widgets/hairline.h"
#include "ui/widgets/layouthelpers.h"
#include "ui/widgets/plainlabel.h"

#include <QVBoxLayout>

#include <algorithm>

namespace mooring::ui {

using namespace Qt::StringLiterals;
using base::Words;
using connections::ActivityEntry;

namespace {

/// The same list, perhaps with newer entries in front.
bool goesOn(const QList<ActivityEntry> &before, const QList<ActivityEntry> &now)
{
    return !before.isEmpty() && std::ranges::any_of(now, [&](const ActivityEntry &entry) {
        return entry.at == before.first().at && entry.text == before.first().text;
    });
}

} // namespace

ActivityRows::ActivityRows(QWidget *parent)
    : QWidget(parent)
    , m_grid(new QGridLayout)
    , m_earlier(new ActionButton(Words::tr("Show earlier")))
{
    m_grid->setHorizontalSpacing(ems(this, 1.2));
    m_grid->setVerticalSpacing(ems(this, 0.35));
    m_grid->setColumnStretch(1, 1);
    m_earlier->setObjectName(u"earlierActivityButton"_s);
    m_earlier->hide();
    connect(m_earlier, &QPushButton::clicked, this, &ActivityRows::onEarlierClicked);
    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(ems(this, 0.9));
    all->addLayout(m_grid);
    all->addWidget(m_earlier, 0, Qt::AlignLeading);
}

void ActivityRows::setEntries(const QList<ActivityEntry> &entries, const QDateTime &now)
{
    // Told again at each change of anything; the entries change seldom, and their times at midnight.
    const bool isSameDay = m_now.toLocalTime().date() == now.toLocalTime().date();
    if (m_entries.constData() == entries.constData() && isSameDay) {
        return;
    }
    const qsizetype wanted = goesOn(m_entries, entries) ? std::max(m_shown, pageSize) : pageSize;
    m_entries = entries;
    m_now = now;
    m_shown = 0;
    clearLayout(m_grid);
    showUpTo(wanted);
}

void ActivityRows::showUpTo(qsizetype count)
{
    for (; m_shown < std::min(count, m_entries.size()); ++m_shown) {
        const ActivityEntry &entry = m_entries.at(m_shown);
        const int row = static_cast<int>(m_shown) * 2;
        m_grid->addWidget(singleLine(base::shortWhenText(entry.at, m_now), PlainLabel::Ink::Muted), row, 0,
                          Qt::AlignTop);
        m_grid->addWidget(makeExcerpt(entry.text, 300), row, 1);
        m_grid->addWidget(new HairLine, row + 1, 0, 1, 2);
    }
    m_earlier->setVisible(m_shown < m_entries.size());
}

void ActivityRows::onEarlierClicked()
{
    showUpTo(m_shown + pageSize);
}

} // namespace mooring::ui
