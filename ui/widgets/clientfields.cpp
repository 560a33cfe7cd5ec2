// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/clientfields.h"

#include "base/displaytext.h"
#include "base/words.h"
#include "ui/widgets/clientchecks.h"
#include "ui/widgets/layouthelpers.h"
#include "ui/widgets/plainlabel.h"

#include <QCheckBox>
#include <QFontDatabase>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QVBoxLayout>

namespace mooring::ui {

using namespace Qt::StringLiterals;
using base::Words;

ClientFields::ClientFields(QWidget *parent)
    : QWidget(parent)
    , m_id(new QLineEdit)
    , m_idProblem(wrapped({}))
    , m_secret(new QLineEdit)
    , m_secretLabel(singleLine(Words::tr("Client &secret")))
    , m_secretProblem(wrapped({}))
    , m_usesKey(new QCheckBox(Words::tr("The service wants a &private key instead of a secret")))
    , m_key(new QPlainTextEdit)
    , m_keyLabel(singleLine(Words::tr("Private &key (PEM)")))
{
    setUpFields();
    layOut();
    setNeedsSecret(false);
    const auto onEdit = [this](PlainLabel *problem) {
        return [this, problem] {
            problem->hide();
            Q_EMIT edited();
        };
    };
    connect(m_id, &QLineEdit::textChanged, this, onEdit(m_idProblem));
    connect(m_secret, &QLineEdit::textChanged, this, onEdit(m_secretProblem));
    connect(m_key, &QPlainTextEdit::textChanged, this, onEdit(m_secretProblem));
    connect(m_usesKey, &QCheckBox::toggled, this, onEdit(m_secretProblem));
    connect(m_id, &QLineEdit::returnPressed, this, &ClientFields::finished);
    connect(m_secret, &QLineEdit::returnPressed, this, &ClientFields::finished);
    const auto swap = [this](bool key) {
        m_secret->setVisible(!key);
        m_secretLabel->setVisible(!key);
        m_key->setVisible(key);
        m_keyLabel->setVisible(key);
    };
    connect(m_usesKey, &QCheckBox::toggled, this, swap);
    swap(false);
}

void ClientFields::setUpFields()
{
    m_id->setObjectName(u"clientIdField"_s);
    m_id->setAccessibleName(Words::tr("Client ID"));
    m_secret->setObjectName(u"clientSecretField"_s);
    m_secret->setAccessibleName(Words::tr("Client secret"));
    m_secret->setEchoMode(QLineEdit::Password);
    m_secretLabel->setBuddy(m_secret);
    m_usesKey->setObjectName(u"usesPrivateKeyBox"_s);
    m_key->setObjectName(u"privateKeyField"_s);
    m_key->setAccessibleName(Words::tr("Private key"));
    m_key->setPlaceholderText(u"-----BEGIN PRIVATE KEY-----"_s);
    m_key->setTabChangesFocus(true);
    m_key->setUndoRedoEnabled(false);
    m_key->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_key->setFixedHeight(ems(this, 6));
    m_keyLabel->setBuddy(m_key);
    m_idProblem->setObjectName(u"clientIdProblemLabel"_s);
    m_secretProblem->setObjectName(u"clientSecretProblemLabel"_s);
    for (PlainLabel *problem : {m_idProblem, m_secretProblem}) {
        problem->setTone(text::Tone::Attention);
        problem->hide();
    }
}

void ClientFields::layOut()
{
    PlainLabel *idLabel = singleLine(Words::tr("Client &ID"));
    idLabel->setBuddy(m_id);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(ems(this, 0.25));
    column->addWidget(idLabel);
    column->addWidget(m_id);
    column->addWidget(m_idProblem);
    column->addSpacing(ems(this, 0.35));
    for (QWidget *widget : {static_cast<QWidget *>(m_secretLabel), static_cast<QWidget *>(m_secret),
                            static_cast<QWidget *>(m_keyLabel), static_cast<QWidget *>(m_key),
                            static_cast<QWidget *>(m_secretProblem), static_cast<QWidget *>(m_usesKey)}) {
        column->addWidget(widget);
    }
    setFocusProxy(m_id);
}

bool ClientFields::isEmpty() const
{
    return m_id->text().trimmed().isEmpty() && m_secret->text().trimmed().isEmpty()
           && (!m_usesKey->isChecked() || m_key->toPlainText().trimmed().isEmpty());
}

void ClientFields::setNeedsSecret(bool needs)
{
    m_needsSecret = needs;
    m_secret->setPlaceholderText(needs ? QString() : Words::tr("only if the service gave you one"));
}

void ClientFields::setClientId(const QString &id)
{
    m_id->setText(id);
}

void ClientFields::clearSecrets()
{
    m_secret->clear();
    m_key->clear();
}

void ClientFields::showIdProblem(const QString &sentence)
{
    if (tell(m_idProblem, sentence)) {
        m_id->selectAll();
        m_id->setFocus();
    }
}

bool ClientFields::tell(PlainLabel *label, const QString &sentence)
{
    label->setText(base::displayText(sentence, 400));
    label->setVisible(!sentence.isEmpty());
    return !sentence.isEmpty();
}

QString ClientFields::secretProblem() const
{
    const QString secret = m_secret->text().trimmed();
    const QString key = m_key->toPlainText().trimmed();
    if (m_usesKey->isChecked()) {
        return key.isEmpty() ? Words::tr("Paste the private key here.") : problemWithPrivateKey(key);
    }
    return secret.isEmpty() && m_needsSecret
               ? Words::tr("An app that signs in by itself needs its secret or a key.")
               : problemWithClientSecret(secret, m_id->text().trimmed());
}

std::optional<connections::ClientCredentials> ClientFields::read()
{
    const QString id = m_id->text().trimmed();
    const bool isSecretWrong = tell(m_secretProblem, secretProblem());
    if (tell(m_idProblem, problemWithClientId(id))) {
        m_id->setFocus();
        return std::nullopt;
    }
    if (isSecretWrong) {
        (m_usesKey->isChecked() ? static_cast<QWidget *>(m_key) : m_secret)->setFocus();
        return std::nullopt;
    }
    connections::ClientCredentials credentials;
    credentials.clientId = id;
    if (m_usesKey->isChecked()) {
        credentials.privateKey = base::Secret(m_key->toPlainText().trimmed().toUtf8() + '\n');
    } else {
        credentials.clientSecret = base::Secret(m_secret->text().trimmed().toUtf8());
    }
    return credentials;
}

} // namespace mooring::ui
