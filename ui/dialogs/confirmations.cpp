// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/confirmations.h"

#include "base/words.h"
#include "ui/dialogs/dialogparts.h"
#include "ui/widgets/connectionnames.h"
#include "ui/widgets/plainlabel.h"

#include <QMessageBox>
#include <QPushButton>

namespace mooring::ui {

using namespace Qt::StringLiterals;
using base::Words;

namespace {

struct Question {
    QString objectName;
    QString text;
    QString yes;
};

QDialog *confirmation(const Question &question, QWidget *parent)
{
    auto *box = new QMessageBox(parent);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setObjectName(question.objectName);
    box->setWindowTitle(u"Mooring"_s);
    box->setIcon(QMessageBox::Question);
    box->setTextFormat(Qt::PlainText);
    box->setText(question.text);
    QPushButton *yes = box->addButton(question.yes, QMessageBox::AcceptRole);
    yes->setObjectName(u"confirmButton"_s);
    box->setDefaultButton(yes);
    QPushButton *no = box->addButton(QMessageBox::Cancel);
    no->setObjectName(u"cancelButton"_s);
    box->setEscapeButton(no);
    makeLabelsPlain(box);
    return box;
}

} // namespace

QDialog *makeDisconnectConfirmation(const text::ConnectionView &view, QWidget *parent)
{
    const bool isKey = view.record.kind == connections::AuthorizationKind::Header;
    const QString text =
        isKey ? Words::tr("Disconnect from %1?\n\nMooring deletes its key. Apps that use it through Mooring "
                          "stop working.")
                    .arg(nameOf(view))
              : Words::tr("Disconnect from %1?\n\nMooring tells %2 to end this sign-in and deletes its "
                          "tokens. Apps that use it through Mooring stop working.")
                    .arg(nameOf(view), serviceOf(view));
    return confirmation({u"disconnectConfirmation"_s, text, Words::tr("Disconnect")}, parent);
}

QDialog *makeRemoveConfirmation(const text::ConnectionView &view, QWidget *parent)
{
    const QString text =
        view.record.hasSecret
            ? Words::tr(
                  "Remove %1?\n\nMooring disconnects first: it gives the sign-in or key back and deletes "
                  "it. Then the server leaves the list.")
                  .arg(nameOf(view))
            : Words::tr("Remove %1 from the list?").arg(nameOf(view));
    return confirmation({u"removeConfirmation"_s, text, Words::tr("Remove")}, parent);
}

} // namespace mooring::ui
