// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/fieldframes.h"

#include "ui/widgets/statuscolors.h"

#include <QApplication>
#include <QEvent>

namespace mooring::ui {

namespace {

/// Fusion draws a frame in the window's colour, made darker by this.
constexpr int styleDarkens = 140;

} // namespace

FieldFrames::FieldFrames(QObject *application)
    : QObject(application)
{
    application->installEventFilter(this);
    apply();
}

bool FieldFrames::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::ApplicationPaletteChange && watched == qApp && !m_applying) {
        apply();
    }
    return QObject::eventFilter(watched, event);
}

void FieldFrames::apply()
{
    m_applying = true;
    QPalette fields = QApplication::palette();
    if (isDark(fields)) {
        const QColor wanted =
            readable(hairline(fields), fields.color(QPalette::Base), isHighContrast(fields) ? 7 : 2);
        // A field has no other use for this colour.
        fields.setColor(QPalette::Window, wanted.lighter(styleDarkens));
    }
    for (const char *kind : {"QLineEdit", "QCheckBox"}) {
        QApplication::setPalette(fields, kind);
    }
    m_applying = false;
}

} // namespace mooring::ui
