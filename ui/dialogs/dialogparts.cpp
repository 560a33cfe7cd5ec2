// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/dialogparts.h"

#include "base/displaytext.h"

#include <QDialog>
#include <QDialogButtonBox>
#include <QPushButton>

namespace mooring::ui {

PlainLabel *labelFor(const QString &text, QWidget *field)
{
    PlainLabel *label = singleLine(text);
    label->setBuddy(field);
    return label;
}

QDialogButtonBox *buttonsFor(QDialog *dialog, const QString &yes)
{
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel);
    buttons->button(QDialogButtonBox::Ok)->setText(yes);
    QObject::connect(buttons, &QDialogButtonBox::accepted, dialog, &QDialog::accept);
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    return buttons;
}

QString serviceOf(const text::ConnectionView &view)
{
    return view.record.issuer.isEmpty() ? base::displayAuthority(view.record.url)
                                        : base::displayAuthority(QUrl(view.record.issuer));
}

} // namespace mooring::ui
