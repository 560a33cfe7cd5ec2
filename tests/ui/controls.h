// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAccessible>
#include <QStringList>
#include <QWidget>

namespace mooring::uitests {

/// What a screen reader would say for a control.
inline QString accessibleNameOf(QWidget *widget)
{
    QAccessibleInterface *interface = QAccessible::queryAccessibleInterface(widget);
    return interface ? interface->text(QAccessible::Name) : QString();
}

/// The visible controls for which it would say nothing.
inline QStringList controlsWithoutName(QWidget *root)
{
    QStringList found;
    const QList<QWidget *> all = root->findChildren<QWidget *>();
    for (QWidget *widget : all) {
        const bool isControl = widget->isVisible() && widget->focusPolicy() != Qt::NoFocus
                               && !widget->objectName().startsWith(QLatin1StringView("qt_"))
                               && widget->focusProxy() == nullptr && !widget->inherits("QScrollBar")
                               && !widget->inherits("QLabel");
        if (isControl && accessibleNameOf(widget).isEmpty()) {
            found.append(QString::fromLatin1(widget->metaObject()->className()) + QLatin1Char(' ')
                         + widget->objectName());
        }
    }
    return found;
}

} // namespace mooring::uitests
