// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/clientform.h"

#include "base/displaytext.h"

#include <QClipboard>
#include <QFormLayout>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QUrl>
#include <QVBoxLayout>

namespace mooring::ui {

using namespace Qt::StringLiterals;

namespace {

PlainLabel *labelFor(const QString &text, QWidget *field)
{
    PlainLabel *label = singleLine(text, PlainLabel::Ink::Muted);
    label->setBuddy(field);
    return label;
}

} // namespace

ClientForm::ClientForm(QWidget *parent)
    : QWidget(parent)
    , m_explanation(wrapped({}))
    , m_redirectUri(new QLineEdit)
    , m_id(new QLineEdit)
    , m_secret(new QLineEdit)
    , m_continue(new ActionButton(tr("Continue")))
{
    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(ems(this, 0.6));
    all->addWidget(m_explanation);
    setUpFields();

    auto *cancel = new ActionButton(tr("Cancel"));
    cancel->setObjectName(u"cancelClientButton"_s);
    m_continue->setObjectName(u"continueWithClientButton"_s);
    m_continue->setPrimary(true);
    m_continue->setEnabled(false);
    auto *buttons = new QHBoxLayout;
    buttons->addStretch();
    buttons->addWidget(cancel);
    buttons->addWidget(m_continue);
    all->addLayout(buttons);

    connect(cancel, &QPushButton::clicked, this, &ClientForm::cancelClicked);
    connect(m_continue, &QPushButton::clicked, this, &ClientForm::submit);
    connect(m_id, &QLineEdit::textChanged, this,
            [this](const QString &text) { m_continue->setEnabled(!text.trimmed().isEmpty()); });
    connect(m_id, &QLineEdit::returnPressed, this, &ClientForm::submit);
    connect(m_secret, &QLineEdit::returnPressed, this, &ClientForm::submit);
}

void ClientForm::setUpFields()
{
    m_redirectUri->setReadOnly(true);
    m_redirectUri->setObjectName(u"redirectAddressField"_s);
    m_redirectUri->setAccessibleName(tr("Redirect address"));
    m_id->setObjectName(u"clientIdField"_s);
    m_id->setAccessibleName(tr("Client ID"));
    m_secret->setObjectName(u"clientSecretField"_s);
    m_secret->setAccessibleName(tr("Client secret"));
    m_secret->setEchoMode(QLineEdit::Password);
    m_secret->setPlaceholderText(tr("only if the service gave you one"));

    auto *copy = new ActionButton(tr("Copy"));
    copy->setObjectName(u"copyRedirectAddressButton"_s);
    copy->setAccessibleName(tr("Copy the redirect address"));
    connect(copy, &QPushButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(m_redirectUri->text()); });
    auto *address = new QHBoxLayout;
    address->addWidget(m_redirectUri, 1);
    address->addWidget(copy);

    auto *form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->setRowWrapPolicy(QFormLayout::WrapLongRows);
    form->addRow(labelFor(tr("&Redirect address"), m_redirectUri), address);
    form->addRow(labelFor(tr("Client &ID"), m_id), m_id);
    form->addRow(labelFor(tr("Client &secret"), m_secret), m_secret);
    static_cast<QVBoxLayout *>(layout())->addLayout(form);
}

void ClientForm::ask(const oauth::ClientNeeded &needed)
{
    if (m_needed.issuer == needed.issuer && m_needed.redirectUri == needed.redirectUri) {
        return;
    }
    m_needed = needed;
    m_explanation->setText(
        tr("%1 does not let apps register themselves. Create an app (an OAuth client) in its "
           "settings, give it this redirect address, and enter the client ID you get.")
            .arg(base::displayAuthority(QUrl(needed.issuer))));
    m_redirectUri->setText(needed.redirectUri);
    m_id->clear();
    m_secret->clear();
}

void ClientForm::submit()
{
    if (m_continue->isEnabled()) {
        Q_EMIT entered(m_id->text().trimmed(), m_secret->text().trimmed());
        m_needed = {};
        m_secret->clear();
    }
}

} // namespace mooring::ui
