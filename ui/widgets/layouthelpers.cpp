// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/layouthelpers.h"

#include <QLayout>
#include <QWidget>

namespace mooring::ui {

int ems(const QWidget *widget, double ems)
{
    return qRound(widget->fontMetrics().height() * ems);
}

int letters(const QWidget *widget, double characters)
{
    return qRound(widget->fontMetrics().averageCharWidth() * characters);
}

void clearLayout(QLayout *layout)
{
    while (QLayoutItem *item = layout->takeAt(0)) {
        if (QWidget *widget = item->widget()) {
            widget->hide();
            widget->deleteLater();
        }
        delete item;
    }
}

} // namespace mooring::ui
