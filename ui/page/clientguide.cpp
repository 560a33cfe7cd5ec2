// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/page/clientguide.h"

#include "base/displaytext.h"
#include "base/words.h"
#include "ui/widgets/actionbutton.h"
#include "ui/widgets/excerpt.h"
#include "ui/widgets/layouthelpers.h"
#include "ui/widgets/plainlabel.h"

#include <QClipboard>
#include <QGridLayout>
#include <QGuiApplication>
#include <QLineEdit>

namespace mooring::ui {

using namespace Qt::StringLiterals;
using base::Words;

ClientGuide::ClientGuide(QWidget *parent)
    : QWidget(parent)
    , m_grid(new QGridLayout)
    , m_refusal(wrapped({}))
    , m_open(new ActionButton({}))
    , m_redirectUri(new QLineEdit)
    , m_copy(new ActionButton(Words::tr("&Copy")))
    , m_fields(new ClientFields)
{
    setObjectName(u"clientGuide"_s);
    m_refusal->setObjectName(u"clientRefusedLabel"_s);
    m_refusal->setTone(text::Tone::Attention);
    m_grid->setHorizontalSpacing(ems(this, 0.8));
    m_grid->setVerticalSpacing(ems(this, 0.4));
    m_grid->setColumnStretch(1, 1);
    addStep({}, makeSiteRow());
    addStep(
        Words::tr("Find the place where apps are registered. It is often called “OAuth apps”, “developer "
                  "settings” or “API clients”. Create a new app there and name it as you like, for example "
                  "Mooring."));
    addStep(Words::tr("When it asks for a redirect address (or callback URL), give it exactly this one:"),
            makeAddressRow());
    addStep(
        Words::tr(
            "Enter here what the service shows for the new app. The secret goes to your keychain, and from "
            "there to this service only."),
        m_fields);
    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(0, ems(this, 0.3), ems(this, 0.4), ems(this, 0.9));
    all->setSpacing(ems(this, 0.9));
    all->addWidget(m_refusal);
    all->addLayout(m_grid);
    all->addWidget(makeButtons());
    all->addStretch();
    connect(m_fields, &ClientFields::finished, this, &ClientGuide::submit);
    connect(m_fields, &ClientFields::edited, m_refusal, &QWidget::hide);
}

void ClientGuide::addStep(const QString &text, QWidget *below)
{
    ++m_steps;
    const int row = m_grid->rowCount();
    PlainLabel *label = wrapped(text);
    m_first = m_first ? m_first : label;
    m_grid->addWidget(singleLine(Words::tr("%1.").arg(m_steps), PlainLabel::Ink::Bold), row, 0, Qt::AlignTop);
    m_grid->addWidget(label, row, 1);
    if (below) {
        m_grid->addWidget(below, row + 1, 1);
    }
    m_grid->setRowMinimumHeight(row + 2, ems(this, 0.4));
}

QWidget *ClientGuide::makeSiteRow()
{
    auto *row = new QWidget;
    auto *line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    m_open->setObjectName(u"openSiteButton"_s);
    line->addWidget(m_open);
    line->addStretch();
    connect(m_open, &QPushButton::clicked, this, [this] {
        const auto place = QUrl::RemovePath | QUrl::RemoveQuery | QUrl::RemoveFragment | QUrl::RemoveUserInfo;
        Q_EMIT siteRequested(m_needed.documentation.isValid() ? m_needed.documentation
                                                              : QUrl(m_needed.issuer).adjusted(place));
    });
    return row;
}

QWidget *ClientGuide::makeAddressRow()
{
    m_redirectUri->setReadOnly(true);
    m_redirectUri->setObjectName(u"redirectAddressField"_s);
    m_redirectUri->setAccessibleName(Words::tr("Redirect address"));
    m_copy->setObjectName(u"copyRedirectAddressButton"_s);
    m_copy->setAccessibleName(Words::tr("Copy the redirect address"));
    connect(m_copy, &QPushButton::clicked, this, [this] {
        QGuiApplication::clipboard()->setText(m_redirectUri->text());
        m_copy->setText(Words::tr("Copied"));
    });
    auto *row = new QWidget;
    auto *grid = new QGridLayout(row);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setColumnStretch(0, 1);
    grid->addWidget(m_redirectUri, 0, 0);
    grid->addWidget(m_copy, 0, 1);
    grid->addWidget(
        wrapped(Words::tr("It leads back to this computer. Mooring keeps its port free for you while this "
                          "page is open."),
                PlainLabel::Ink::Muted),
        1, 0, 1, 2);
    return row;
}

QWidget *ClientGuide::makeButtons()
{
    auto *cancel = new ActionButton(Words::tr("Cancel"));
    cancel->setObjectName(u"cancelClientButton"_s);
    auto *go = new ActionButton(Words::tr("C&ontinue"));
    go->setObjectName(u"continueWithClientButton"_s);
    go->setPrimary(true);
    connect(cancel, &QPushButton::clicked, this, [this] {
        m_fields->clearSecrets();
        Q_EMIT cancelClicked();
    });
    connect(go, &QPushButton::clicked, this, &ClientGuide::submit);
    auto *row = new QWidget;
    auto *line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    line->addWidget(wrapped(Words::tr("Your browser opens next, to sign you in."), PlainLabel::Ink::Muted), 1,
                    Qt::AlignVCenter);
    line->addWidget(cancel);
    line->addWidget(go);
    return row;
}

void ClientGuide::ask(const oauth::ClientNeeded &needed, const QString &trouble)
{
    // Why the service doesn't do it by itself, until there is something newer to say.
    const QString problem = trouble.isEmpty() && needed.refusal ? needed.refusal->sentence : trouble;
    const bool isSameService = m_needed.issuer == needed.issuer;
    if (isSameService && m_needed.redirectUri == needed.redirectUri && m_problem == problem) {
        return;
    }
    m_needed = needed;
    m_problem = problem;
    const QString host = base::displayAuthority(QUrl(needed.issuer));
    const QUrl &page = needed.documentation;
    const QString place = page.isValid() ? base::displayAuthority(page) : host;
    m_first->setText(page.isValid()
                         ? Words::tr("Open %1: %2 explains there how apps are registered. Sign in as usual.")
                               .arg(shownText(page.toString(QUrl::FullyEncoded)), host)
                         : Words::tr("Open %1 and sign in there as usual.").arg(host));
    m_open->setText(Words::tr("Open %1").arg(place));
    m_redirectUri->setText(needed.redirectUri);
    m_redirectUri->setCursorPosition(0);
    m_copy->setText(Words::tr("&Copy"));
    if (!isSameService) {
        m_fields->setClientId({});
    }
    m_fields->clearSecrets();
    m_refusal->setText(shownText(problem, 600));
    m_refusal->setVisible(!problem.isEmpty());
}

void ClientGuide::submit()
{
    if (const auto client = m_fields->read()) {
        Q_EMIT entered(*client);
        // The next question is a new one, whatever it is.
        m_problem.clear();
        m_needed.redirectUri.clear();
        m_fields->clearSecrets();
    }
}

} // namespace mooring::ui
