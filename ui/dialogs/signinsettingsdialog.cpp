// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/signinsettingsdialog.h"

#include "base/displaytext.h"
#include "base/words.h"
#include "text/settingsvalues.h"
#include "ui/widgets/cardframe.h"
#include "ui/widgets/connectionnames.h"
#include "ui/widgets/hairline.h"
#include "ui/widgets/layouthelpers.h"
#include "ui/widgets/plainlabel.h"

#include <QScrollArea>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace mooring::ui {

using namespace Qt::StringLiterals;
using base::Result;
using base::Words;
using oauth::SignInSettings;

namespace {

QScrollArea *scrolling(QWidget *content)
{
    auto *area = new QScrollArea;
    area->setWidget(content);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->viewport()->setAutoFillBackground(false);
    content->setAutoFillBackground(false);
    area->setFocusPolicy(Qt::NoFocus);
    return area;
}

/// What is not folded away.
QStringList plainNames()
{
    return {u"way"_s, u"extra-scopes"_s, u"login-hint"_s};
}

} // namespace

SignInSettingsDialog::SignInSettingsDialog(const text::ConnectionView &view, bool hasClient, QWidget *parent)
    : QDialog(parent)
    , m_view(view)
    , m_hasClient(hasClient)
    , m_client(new ClientFields)
    , m_fold(new QToolButton)
    , m_advanced(new QWidget)
    , m_headers(new HeaderRows)
    , m_normal(new ActionButton(Words::tr("&Back to normal")))
    , m_save(new ActionButton(Words::tr("&Save")))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setObjectName(u"signInSettingsDialog"_s);
    setWindowTitle(Words::tr("Sign-in settings"));
    auto *content = new QWidget;
    auto *column = new QVBoxLayout(content);
    const int gap = ems(this, 1);
    column->setContentsMargins(gap, gap, gap, gap);
    column->setSpacing(ems(this, 0.9));
    column->addWidget(
        wrapped(Words::tr("How Mooring signs in for %1. It works without changing anything here for "
                          "most services; changes count from the next sign-in on.")
                    .arg(nameOf(view)),
                PlainLabel::Ink::Muted));
    setUpPlainPart(column);
    setUpAdvancedPart(column);
    column->addStretch();

    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addWidget(scrolling(content), 1);
    all->addWidget(new HairLine);
    all->addWidget(makeButtons());
    resize(letters(this, 84), ems(this, 30));
    fill(view.record.settings);
    setHeaders({});
    m_rows.first()->setFocus();
}

void SignInSettingsDialog::addRows(QVBoxLayout *column, const QStringList &names)
{
    for (const QString &name : names) {
        auto *row = new SettingRow(text::settingText(name));
        connect(row, &SettingRow::edited, this, &SignInSettingsDialog::onEdited);
        m_rows.append(row);
        column->addWidget(row);
        if (name == "way"_L1) {
            column->addWidget(makeClientPart());
        }
    }
}

void SignInSettingsDialog::setUpPlainPart(QVBoxLayout *column)
{
    addRows(column, plainNames());
}

QWidget *SignInSettingsDialog::makeClientPart()
{
    auto *card = new CardFrame;
    auto *column = new QVBoxLayout(card);
    const int gap = ems(this, 0.8);
    column->setContentsMargins(gap, gap, gap, gap);
    column->setSpacing(ems(this, 0.6));
    column->addWidget(wrapped(
        m_hasClient ? Words::tr("An ID is stored already. Leave these empty to go on with it.")
                    : Words::tr("The service gives these to an app that signs in by itself. They are kept in "
                                "your keychain and sent to the sign-in service only."),
        PlainLabel::Ink::Muted));
    column->addWidget(m_client);
    m_client->setNeedsSecret(true);
    connect(m_client, &ClientFields::edited, this, &SignInSettingsDialog::onEdited);
    m_clientPart = card;
    return card;
}

void SignInSettingsDialog::setUpAdvancedPart(QVBoxLayout *column)
{
    m_fold->setObjectName(u"advancedButton"_s);
    m_fold->setText(Words::tr("Ad&vanced"));
    m_fold->setCheckable(true);
    m_fold->setAutoRaise(true);
    m_fold->setArrowType(Qt::RightArrow);
    m_fold->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_fold->setFocusPolicy(Qt::StrongFocus);
    column->addWidget(m_fold, 0, Qt::AlignLeading);
    m_advanced->setObjectName(u"advancedPart"_s);
    auto *inner = new QVBoxLayout(m_advanced);
    inner->setContentsMargins(0, 0, 0, 0);
    inner->setSpacing(ems(this, 0.9));
    inner->addWidget(
        wrapped(Words::tr("For services that do some things their own way. Each change bends a rule that "
                          "protects you or keeps things simple; the page of the connection names it."),
                PlainLabel::Ink::Muted));
    QStringList names;
    const QList<text::SettingText> all = text::allSettings();
    for (const text::SettingText &setting : all) {
        if (!plainNames().contains(setting.name)) {
            names.append(setting.name);
        }
    }
    addRows(inner, names);
    inner->addWidget(makeHeadersPart());
    column->addWidget(m_advanced);
    m_advanced->hide();
    connect(m_fold, &QToolButton::toggled, this, [this](bool open) {
        m_fold->setArrowType(open ? Qt::DownArrow : Qt::RightArrow);
        m_advanced->setVisible(open);
    });
}

QWidget *SignInSettingsDialog::makeHeadersPart()
{
    m_headers->setObjectName(u"headerRows"_s);
    connect(m_headers, &HeaderRows::edited, this, [this] { m_headersEdited = true; });
    auto *part = new QWidget;
    auto *column = new QVBoxLayout(part);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(ems(this, 0.4));
    column->addWidget(singleLine(Words::tr("Headers"), PlainLabel::Ink::Bold));
    column->addWidget(
        wrapped(Words::tr("Sent to this server with every request, beside the sign-in or instead of "
                          "one. Secret values are kept in your keychain."),
                PlainLabel::Ink::Muted));
    column->addWidget(m_headers);
    return part;
}

void SignInSettingsDialog::setHeaders(const QList<connections::TypedHeader> &headers)
{
    m_headers->setStoredHeaders(headers);
    m_headersEdited = false;
}

bool SignInSettingsDialog::takeHeaders()
{
    if (!m_headersEdited) {
        return true;
    }
    if (!m_headers->isEmpty() && !m_headers->isComplete()) {
        m_fold->setChecked(true);
        m_headers->focusFirst();
        return false;
    }
    Q_EMIT headersChosen(m_headers->headers());
    return true;
}

QWidget *SignInSettingsDialog::makeButtons()
{
    auto *cancel = new ActionButton(Words::tr("Cancel"));
    cancel->setObjectName(u"cancelButton"_s);
    m_normal->setObjectName(u"backToNormalButton"_s);
    m_save->setObjectName(u"saveButton"_s);
    m_save->setPrimary(true);
    m_save->setDefault(true);
    auto *row = new QWidget;
    auto *line = new QHBoxLayout(row);
    const int gap = ems(this, 0.8);
    line->setContentsMargins(gap, gap, gap, gap);
    line->addWidget(m_normal);
    line->addStretch();
    line->addWidget(cancel);
    line->addWidget(m_save);
    connect(m_normal, &QPushButton::clicked, this, [this] { fill(SignInSettings()); });
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_save, &QPushButton::clicked, this, &SignInSettingsDialog::save);
    return row;
}

void SignInSettingsDialog::fill(const SignInSettings &settings)
{
    for (SettingRow *row : std::as_const(m_rows)) {
        row->setValue(text::settingValue(settings, row->name()));
        row->showProblem({});
    }
    onEdited();
}

bool SignInSettingsDialog::signsInAsApp() const
{
    return m_rows.first()->value() == "client-credentials"_L1;
}

void SignInSettingsDialog::onEdited()
{
    // Rows report before all of them are there.
    if (!m_clientPart) {
        return;
    }
    m_clientPart->setVisible(signsInAsApp());
    m_save->setText(signsInAsApp() && !m_client->isEmpty() ? Words::tr("&Save and sign in")
                                                           : Words::tr("&Save"));
    const SignInSettings normal;
    m_normal->setEnabled(std::any_of(m_rows.begin(), m_rows.end(), [&normal](const SettingRow *row) {
        return row->value() != text::settingValue(normal, row->name());
    }));
}

std::optional<SignInSettings> SignInSettingsDialog::read()
{
    SignInSettings settings;
    SettingRow *wrong = nullptr;
    for (SettingRow *row : std::as_const(m_rows)) {
        const Result<void> taken = text::setSetting(&settings, row->name(), row->value());
        row->showProblem(taken ? QString() : taken.error().sentence);
        wrong = taken || wrong ? wrong : row;
    }
    if (!wrong) {
        return settings;
    }
    if (!plainNames().contains(wrong->name())) {
        m_fold->setChecked(true);
    }
    wrong->setFocus();
    return std::nullopt;
}

void SignInSettingsDialog::save()
{
    const std::optional<SignInSettings> settings = read();
    if (!settings) {
        return;
    }
    const bool readsClient = signsInAsApp() && !(m_hasClient && m_client->isEmpty());
    const std::optional<connections::ClientCredentials> client =
        readsClient ? m_client->read() : std::nullopt;
    if ((readsClient && !client) || !takeHeaders()) {
        return;
    }
    Q_EMIT settingsChosen(*settings, client);
    accept();
}

} // namespace mooring::ui
