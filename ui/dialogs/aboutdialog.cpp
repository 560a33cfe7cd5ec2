// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/aboutdialog.h"

#include "base/words.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/layouthelpers.h"
#include "ui/widgets/plainlabel.h"

#include <QMessageBox>

namespace mooring::ui {

using namespace Qt::StringLiterals;
using base::Words;

QDialog *makeAboutDialog(QWidget *parent)
{
    auto *box = new QMessageBox(parent);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setObjectName(u"aboutDialog"_s);
    box->setWindowTitle(Words::tr("About Mooring"));
    box->setTextFormat(Qt::PlainText);
    box->setIconPixmap(applicationIcon().pixmap(ems(box, 4)));
    box->setText(
        Words::tr(
            "Mooring %1\n\nKeeps your remote MCP servers connected. Tokens live in your keychain and nowhere "
            "else.\n\nFree software under the GNU General Public License, version 3 or later.")
            .arg(QStringLiteral(MOORING_VERSION)));
    box->addButton(QMessageBox::Close);
    makeLabelsPlain(box);
    return box;
}

} // namespace mooring::ui
