// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/aboutdialog.h"

#include "ui/widgets/icons.h"
#include "ui/widgets/layouthelpers.h"
#include "ui/widgets/plainlabel.h"

#include <QCoreApplication>
#include <QMessageBox>

namespace mooring::ui {

using namespace Qt::StringLiterals;

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("mooring::ui", text);
}

} // namespace

QDialog *makeAboutDialog(QWidget *parent)
{
    auto *box = new QMessageBox(parent);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setObjectName(u"aboutDialog"_s);
    box->setWindowTitle(tr("About Mooring"));
    box->setTextFormat(Qt::PlainText);
    box->setIconPixmap(applicationIcon().pixmap(ems(box, 4)));
    box->setText(
        tr("Mooring %1\n\nKeeps your remote MCP servers connected. Tokens live in your keychain and nowhere "
           "else.\n\nFree software under the GNU General Public License, version 3 or later.")
            .arg(QStringLiteral(MOORING_VERSION)));
    box->addButton(QMessageBox::Close);
    makeLabelsPlain(box);
    return box;
}

} // namespace mooring::ui
