// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/keydialog.h"

#include "base/displaytext.h"
#include "base/words.h"
#include "interop/headerrules.h"
#include "ui/dialogs/dialogparts.h"
#include "ui/widgets/excerpt.h"
#include "ui/widgets/layouthelpers.h"
#include "ui/widgets/plainlabel.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace mooring::ui {

using namespace Qt::StringLiterals;
using base::Words;

namespace {

QString keyExplanation(const text::ConnectionView &view)
{
    QString explanation =
        Words::tr("%1 gets this header with every request. The key is kept in your keychain, and sent "
                  "nowhere else.")
            .arg(base::displayAuthority(view.record.url));
    if (view.state.isSignedIn) {
        explanation += u' ' + Words::tr("Your sign-in there is given back.");
    }
    return explanation;
}

} // namespace

KeyDialog::KeyDialog(const text::ConnectionView &view, QWidget *parent)
    : QDialog(parent)
    , m_header(new QLineEdit)
    , m_value(new QLineEdit)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setObjectName(u"keyDialog"_s);
    setWindowTitle(Words::tr("Key for this server"));
    m_header->setObjectName(u"headerNameField"_s);
    m_header->setAccessibleName(Words::tr("Name of the header"));
    m_header->setText(view.record.headerName.isEmpty() ? u"Authorization"_s
                                                       : shownText(view.record.headerName, 100));
    m_value->setObjectName(u"headerValueField"_s);
    m_value->setAccessibleName(Words::tr("Key"));
    m_value->setEchoMode(QLineEdit::Password);
    QDialogButtonBox *buttons = buttonsFor(this, Words::tr("Save key"));
    QPushButton *save = buttons->button(QDialogButtonBox::Ok);
    const auto judge = [this, save] {
        save->setEnabled(interop::isHeaderName(m_header->text().trimmed())
                         && !m_value->text().trimmed().isEmpty());
    };
    connect(m_header, &QLineEdit::textChanged, this, judge);
    connect(m_value, &QLineEdit::textChanged, this, judge);
    judge();

    auto *all = new QVBoxLayout(this);
    all->setSpacing(ems(this, 0.7));
    all->addWidget(wrapped(keyExplanation(view), PlainLabel::Ink::Muted));
    auto *form = new QFormLayout;
    form->addRow(labelFor(Words::tr("&Header"), m_header), m_header);
    form->addRow(labelFor(Words::tr("&Key"), m_value), m_value);
    all->addLayout(form);
    all->addWidget(buttons);
    setMinimumWidth(letters(this, 56));
    m_value->setFocus();
    connect(this, &QDialog::accepted, this, [this] {
        Q_EMIT keyEntered(m_header->text().trimmed(), base::Secret(m_value->text().trimmed().toUtf8()));
    });
}

} // namespace mooring::ui
