// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/renamedialog.h"

#include "base/words.h"
#include "ui/dialogs/dialogparts.h"
#include "ui/widgets/connectionnames.h"
#include "ui/widgets/layouthelpers.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QPushButton>

namespace mooring::ui {

using namespace Qt::StringLiterals;
using base::Words;

RenameDialog::RenameDialog(const text::ConnectionView &view, QWidget *parent)
    : QDialog(parent)
    , m_name(new QLineEdit)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setObjectName(u"renameDialog"_s);
    setWindowTitle(Words::tr("Rename"));
    m_name->setObjectName(u"nameField"_s);
    m_name->setAccessibleName(Words::tr("Name"));
    m_name->setMaxLength(80);
    m_name->setText(nameOf(view));
    m_name->selectAll();
    QDialogButtonBox *buttons = buttonsFor(this, Words::tr("Rename"));
    QPushButton *rename = buttons->button(QDialogButtonBox::Ok);
    connect(m_name, &QLineEdit::textChanged, this,
            [rename](const QString &text) { rename->setEnabled(!text.trimmed().isEmpty()); });
    auto *form = new QFormLayout(this);
    form->addRow(labelFor(Words::tr("&Name"), m_name), m_name);
    form->addRow(buttons);
    setMinimumWidth(letters(this, 48));
    connect(this, &QDialog::accepted, this, [this] { Q_EMIT nameEntered(m_name->text().trimmed()); });
}

} // namespace mooring::ui
