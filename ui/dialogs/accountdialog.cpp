// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/accountdialog.h"

#include "base/words.h"
#include "ui/dialogs/dialogparts.h"
#include "ui/widgets/excerpt.h"
#include "ui/widgets/layouthelpers.h"
#include "ui/widgets/plainlabel.h"

#include <QDialogButtonBox>
#include <QLineEdit>
#include <QVBoxLayout>

namespace mooring::ui {

using namespace Qt::StringLiterals;
using base::Words;

AccountDialog::AccountDialog(const text::ConnectionView &view, QWidget *parent)
    : QDialog(parent)
    , m_label(new QLineEdit)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setObjectName(u"accountDialog"_s);
    setWindowTitle(Words::tr("Name of the account"));
    m_label->setObjectName(u"accountLabelField"_s);
    m_label->setAccessibleName(Words::tr("Name of the account"));
    m_label->setMaxLength(60);
    m_label->setPlaceholderText(Words::tr("for example: work"));
    m_label->setText(shownText(view.record.accountLabel, 60));
    m_label->selectAll();
    auto *all = new QVBoxLayout(this);
    all->setSpacing(ems(this, 0.7));
    all->addWidget(m_label);
    all->addWidget(
        wrapped(Words::tr("Only for you, to tell accounts apart. Leave it empty for the name that %1 tells.")
                    .arg(serviceOf(view)),
                PlainLabel::Ink::Muted));
    all->addWidget(buttonsFor(this, Words::tr("Save")));
    setMinimumWidth(letters(this, 48));
    connect(this, &QDialog::accepted, this, [this] { Q_EMIT labelEntered(m_label->text().trimmed()); });
}

} // namespace mooring::ui
