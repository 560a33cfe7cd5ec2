// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/headerrow.h"

#include "base/words.h"
#include "connections/connection.h"
#include "ui/widgets/excerpt.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/layouthelpers.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QRegularExpression>
#include <QToolButton>
#include <QVBoxLayout>

namespace mooring::ui {

using namespace Qt::StringLiterals;
using base::Words;
using interop::Oddity;

namespace {

constexpr auto authorization = "Authorization"_L1;
constexpr auto bearer = "Bearer "_L1;

/// What instructions write where a key is to be put: "${KEY}", "{{ key }}", "<your-key>".
QString placeholderIn(const QString &value)
{
    static const QRegularExpression written(uR"(\$\{[^}]*\}|\{\{[^}]*\}\}|<[A-Za-z][^<>]*>)"_s);
    return written.match(value).captured();
}

} // namespace

HeaderRow::HeaderRow(QWidget *parent)
    : QWidget(parent)
    , m_kind(new QComboBox)
    , m_name(new QLineEdit)
    , m_value(new QLineEdit)
    , m_secret(new QCheckBox(Words::tr("secret")))
    , m_remove(new QToolButton)
    , m_hint(wrapped({}, PlainLabel::Ink::Muted))
{
    setUpFields();
    auto *line = new QHBoxLayout;
    line->addWidget(m_kind);
    line->addWidget(m_name, 2);
    line->addWidget(m_value, 3);
    line->addWidget(m_secret);
    line->addWidget(m_remove);
    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(ems(this, 0.2));
    all->addLayout(line);
    all->addWidget(m_hint);
    onEdited();
}

void HeaderRow::setUpFields()
{
    m_kind->setObjectName(u"keyKindBox"_s);
    m_kind->setAccessibleName(Words::tr("How the key is sent"));
    m_kind->addItem(Words::tr("Key, with “Bearer” in front"));
    m_kind->addItem(Words::tr("Key, as it is"));
    m_kind->addItem(Words::tr("Another header"));
    m_name->setObjectName(u"headerNameField"_s);
    m_name->setAccessibleName(Words::tr("Name of the header"));
    m_name->setPlaceholderText(u"X-Api-Key"_s);
    m_name->setMaxLength(100);
    m_value->setObjectName(u"headerValueField"_s);
    m_value->setAccessibleName(Words::tr("Key"));
    m_value->setPlaceholderText(Words::tr("Key"));
    m_secret->setObjectName(u"headerSecretBox"_s);
    m_secret->setChecked(true);
    m_secret->setAccessibleName(Words::tr("The value is secret"));
    m_remove->setObjectName(u"removeHeaderButton"_s);
    m_remove->setIcon(icon(Symbol::Close, QPalette::WindowText));
    m_remove->setAutoRaise(true);
    m_remove->setFocusPolicy(Qt::StrongFocus);
    m_remove->setAccessibleName(Words::tr("Remove this header"));
    m_hint->setObjectName(u"headerHintLabel"_s);
    connect(m_kind, &QComboBox::currentIndexChanged, this, &HeaderRow::onEdited);
    connect(m_secret, &QCheckBox::toggled, this, &HeaderRow::onEdited);
    connect(m_remove, &QToolButton::clicked, this, &HeaderRow::removeClicked);
    for (QLineEdit *field : {m_name, m_value}) {
        connect(field, &QLineEdit::textChanged, this, &HeaderRow::onEdited);
        connect(field, &QLineEdit::returnPressed, this, &HeaderRow::submitted);
    }
}

HeaderRow::Kind HeaderRow::kind() const
{
    return static_cast<Kind>(m_kind->currentIndex());
}

QString HeaderRow::headerName() const
{
    return kind() == Kind::Named ? m_name->text().trimmed() : QString(authorization);
}

interop::HeaderValue HeaderRow::read() const
{
    interop::HeaderValue read = interop::readHeaderValue(headerName(), m_value->text());
    if (kind() == Kind::Bearer && read.noticed.testFlag(Oddity::SchemeMissing)) {
        read.value = std::exchange(read.alternative, base::Secret());
        read.noticed.setFlag(Oddity::SchemeMissing, false);
    }
    return read;
}

void HeaderRow::setHeader(const connections::TypedHeader &header)
{
    m_stored.clear();
    m_value->setPlaceholderText(Words::tr("Key"));
    const QString value = QString::fromUtf8(header.value.reveal());
    const bool isKey = header.name.compare(authorization, Qt::CaseInsensitive) == 0;
    const bool isBearer = isKey && value.startsWith(bearer, Qt::CaseInsensitive);
    m_kind->setCurrentIndex(static_cast<int>(isBearer ? Kind::Bearer : isKey ? Kind::Plain : Kind::Named));
    m_name->setText(isKey ? QString() : shownText(header.name, 100));
    m_value->setText(isBearer ? value.sliced(bearer.size()).trimmed() : value);
    m_secret->setChecked(header.isSecret || isKey);
}

void HeaderRow::setStored(const QString &name)
{
    setHeader({name, {}, true});
    m_kind->setCurrentIndex(static_cast<int>(Kind::Named));
    m_name->setText(shownText(name, 100));
    m_stored = name;
    m_value->setPlaceholderText(Words::tr("stored; type to replace it"));
    onEdited();
}

connections::TypedHeader HeaderRow::header() const
{
    if (isUnchanged()) {
        return {headerName(), {}, true};
    }
    return {headerName(), read().value, kind() != Kind::Named || m_secret->isChecked()};
}

bool HeaderRow::isAuthorization() const
{
    return headerName().compare(authorization, Qt::CaseInsensitive) == 0;
}

bool HeaderRow::isUnchanged() const
{
    return !m_stored.isEmpty() && m_value->text().isEmpty() && headerName() == m_stored;
}

bool HeaderRow::isEmpty() const
{
    return m_value->text().trimmed().isEmpty() && !isUnchanged();
}

QString HeaderRow::problem() const
{
    if (isEmpty() || isUnchanged()) {
        return {};
    }
    if (const QString written = placeholderIn(m_value->text()); !written.isEmpty()) {
        return Words::tr("Put what you got from the service in the place of %1.").arg(shownText(written, 60));
    }
    const base::Result<void> checked = connections::checkHeaderKey(headerName(), read().value);
    return checked ? QString() : checked.error().sentence;
}

QString HeaderRow::alternativeText() const
{
    const interop::HeaderValue now = read();
    if (now.alternative.isEmpty()) {
        return {};
    }
    return kind() == Kind::Plain
               ? Words::tr("Most servers want “Bearer” in front of the key. Mooring can try it so.")
               : Words::tr(
                     "Most servers that read the header %1 want the key alone, without “Bearer”. Mooring can "
                     "try it so.")
                     .arg(shownText(headerName(), 60));
}

void HeaderRow::takeAlternative()
{
    const interop::HeaderValue now = read();
    if (now.alternative.isEmpty()) {
        return;
    }
    connections::TypedHeader other = header();
    other.value = now.alternative;
    setHeader(other);
}

void HeaderRow::focusValue()
{
    m_value->setFocus();
}

void HeaderRow::setRemovable(bool removable)
{
    m_remove->setVisible(removable);
}

void HeaderRow::onEdited()
{
    const bool isNamed = kind() == Kind::Named;
    m_name->setVisible(isNamed);
    m_secret->setVisible(isNamed);
    m_value->setEchoMode(isNamed && !m_secret->isChecked() ? QLineEdit::Normal : QLineEdit::Password);
    m_value->setAccessibleName(isNamed && !m_secret->isChecked() ? Words::tr("Value") : Words::tr("Key"));
    const QString wrong = isNamed && m_name->text().isEmpty() ? QString() : problem();
    const QString hint = wrong.isEmpty() ? interop::oddityText(read().noticed) : wrong;
    m_hint->setTone(wrong.isEmpty() ? std::nullopt : std::optional(text::Tone::Attention));
    m_hint->setText(shownText(hint, 400));
    m_hint->setVisible(!hint.isEmpty());
    Q_EMIT edited();
}

} // namespace mooring::ui
