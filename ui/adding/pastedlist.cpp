// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/adding/pastedlist.h"

#include "base/words.h"
#include "http/addresssecrets.h"
#include "ui/widgets/excerpt.h"
#include "ui/widgets/layouthelpers.h"
#include "ui/widgets/plainlabel.h"

#include <QCheckBox>
#include <QVBoxLayout>

namespace mooring::ui {

using namespace Qt::StringLiterals;
using base::Words;

namespace {

QString addressText(const interop::PastedServer &server)
{
    return shownText(http::shownUrl(server.url.text()), 120);
}

/// What stands after an "&" would become a shortcut.
QString withoutShortcut(QString text)
{
    return text.replace(u'&', u"&&"_s);
}

} // namespace

PastedList::PastedList(QWidget *parent)
    : QWidget(parent)
    , m_column(new QVBoxLayout(this))
{
    setObjectName(u"pastedList"_s);
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(ems(this, 0.15));
}

void PastedList::setServers(const QList<interop::PastedServer> &servers,
                            const std::function<bool(const interop::PastedServer &)> &isKnown)
{
    clearLayout(m_column);
    m_rows.clear();
    for (const interop::PastedServer &server : servers) {
        const QString address = addressText(server);
        const QString name = server.name.isEmpty() ? address : shownText(server.name, 60);
        auto *box = new QCheckBox(withoutShortcut(name));
        box->setObjectName(u"pastedServerBox"_s);
        box->setAccessibleName(Words::tr("%1 at %2").arg(name, address));
        const bool known = isKnown(server);
        box->setChecked(!known && !server.isDisabled);
        connect(box, &QCheckBox::toggled, this, &PastedList::edited);
        PlainLabel *result = wrapped(known               ? Words::tr("%1 · in your list already").arg(address)
                                     : server.isDisabled ? Words::tr("%1 · switched off there").arg(address)
                                                         : address,
                                     PlainLabel::Ink::Muted);
        result->setObjectName(u"pastedResultLabel"_s);
        m_column->addWidget(box);
        m_column->addWidget(result);
        m_rows.append({box, result});
    }
}

QList<qsizetype> PastedList::chosen() const
{
    QList<qsizetype> places;
    for (qsizetype place = 0; place < m_rows.size(); ++place) {
        if (m_rows.at(place).box->isChecked()) {
            places.append(place);
        }
    }
    return places;
}

void PastedList::setLocked()
{
    for (const Row &row : std::as_const(m_rows)) {
        row.box->setEnabled(false);
    }
}

void PastedList::setResult(qsizetype row, const QString &sentence, text::Tone tone)
{
    PlainLabel *label = m_rows.at(row).result;
    label->setText(shownText(sentence, 400));
    label->setTone(tone == text::Tone::Neutral ? std::nullopt : std::optional(tone));
}

} // namespace mooring::ui
