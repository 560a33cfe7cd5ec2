// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/forceremovedialog.h"

#include "base/words.h"
#include "ui/widgets/connectionnames.h"
#include "ui/widgets/excerpt.h"
#include "ui/widgets/plainlabel.h"

#include <QPushButton>

namespace mooring::ui {

using namespace Qt::StringLiterals;
using base::Words;

ForceRemoveDialog::ForceRemoveDialog(const text::ConnectionView &view, const base::Error &error,
                                     QWidget *parent)
    : QMessageBox(parent)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setObjectName(u"forceRemoveConfirmation"_s);
    setWindowTitle(u"Mooring"_s);
    setIcon(QMessageBox::Warning);
    setTextFormat(Qt::PlainText);
    setText(
        Words::tr("Disconnecting from %1 is not finished.\n\n%2\n\nRemoved now, the sign-in may go on at the "
                  "service, and nothing here would know of it.")
            .arg(nameOf(view), shownText(error.sentence, 400)));
    QPushButton *no = addButton(QMessageBox::Cancel);
    no->setObjectName(u"cancelButton"_s);
    setEscapeButton(no);
    setDefaultButton(no);
    if (error.keychainCase == base::KeychainCase::Locked) {
        QPushButton *unlock = addButton(Words::tr("&Unlock and remove"), QMessageBox::ActionRole);
        unlock->setObjectName(u"unlockButton"_s);
        setDefaultButton(unlock);
        connect(unlock, &QPushButton::clicked, this, &ForceRemoveDialog::unlockChosen);
    }
    QPushButton *yes = addButton(Words::tr("&Remove anyway"), QMessageBox::DestructiveRole);
    yes->setObjectName(u"confirmButton"_s);
    connect(yes, &QPushButton::clicked, this, &ForceRemoveDialog::removeChosen);
    makeLabelsPlain(this);
}

} // namespace mooring::ui
