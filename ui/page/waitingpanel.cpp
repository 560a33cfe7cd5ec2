// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/page/waitingpanel.h"

#include "base/displaytext.h"
#include "base/words.h"
#include "ui/widgets/actionbutton.h"
#include "ui/widgets/excerpt.h"
#include "ui/widgets/flowlayout.h"
#include "ui/widgets/layouthelpers.h"
#include "ui/widgets/plainlabel.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QVBoxLayout>

namespace mooring::ui {

using namespace Qt::StringLiterals;
using base::Words;

WaitingPanel::WaitingPanel(QWidget *parent)
    : QWidget(parent)
    , m_openAgain(new ActionButton(Words::tr("Open &again")))
    , m_copy(new ActionButton(Words::tr("Copy &link")))
    , m_paste(new ActionButton(Words::tr("&Paste address")))
    , m_changeClient(new ActionButton(Words::tr("&Change client ID")))
    , m_cancel(new ActionButton(Words::tr("Cancel")))
    , m_pasteRow(new QWidget)
    , m_address(new QLineEdit)
    , m_host(wrapped({}, PlainLabel::Ink::Muted))
    , m_problem(wrapped({}))
{
    setUpButtons();
    setUpPasteRow();
    auto *buttons = new FlowLayout;
    for (ActionButton *button : {m_openAgain, m_copy, m_paste, m_changeClient, m_cancel}) {
        buttons->addWidget(button);
    }
    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(ems(this, 0.6));
    all->addWidget(m_host);
    all->addLayout(buttons);
    all->addWidget(m_pasteRow);
    all->addWidget(m_problem);
    clear();
}

void WaitingPanel::setUpButtons()
{
    m_openAgain->setObjectName(u"openAgainButton"_s);
    m_copy->setObjectName(u"copyLinkButton"_s);
    m_paste->setObjectName(u"pasteAddressButton"_s);
    m_changeClient->setObjectName(u"changeClientButton"_s);
    m_changeClient->setToolTip(Words::tr("For when the page says that it does not know this app."));
    m_cancel->setObjectName(u"cancelSignInButton"_s);
    m_openAgain->setPrimary(true);
    m_paste->setCheckable(true);
    connect(m_openAgain, &QPushButton::clicked, this, &WaitingPanel::openAgainClicked);
    connect(m_cancel, &QPushButton::clicked, this, &WaitingPanel::cancelClicked);
    connect(m_changeClient, &QPushButton::clicked, this, &WaitingPanel::changeClientClicked);
    connect(m_copy, &QPushButton::clicked, this, [this] {
        QGuiApplication::clipboard()->setText(QString::fromUtf8(m_url.toEncoded()));
        m_copy->setText(Words::tr("Link copied"));
    });
    connect(m_paste, &QPushButton::toggled, this, [this](bool on) {
        m_pasteRow->setVisible(on);
        m_problem->hide();
        if (on) {
            m_address->setFocus();
        }
    });
}

void WaitingPanel::setUpPasteRow()
{
    m_address->setObjectName(u"pastedAddressField"_s);
    m_address->setAccessibleName(Words::tr("Address that the browser ended up at"));
    m_address->setPlaceholderText(Words::tr("Address that the browser ended up at"));
    m_problem->setTone(text::Tone::Attention);
    m_problem->setObjectName(u"pasteProblemLabel"_s);
    auto *go = new ActionButton(Words::tr("Continue"));
    go->setObjectName(u"usePastedAddressButton"_s);
    auto *row = new QHBoxLayout(m_pasteRow);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_address, 1);
    row->addWidget(go);
    const auto submit = [this] { Q_EMIT addressPasted(m_address->text()); };
    connect(go, &QPushButton::clicked, this, submit);
    connect(m_address, &QLineEdit::returnPressed, this, submit);
}

void WaitingPanel::setSignInUrl(const QUrl &url)
{
    m_url = url;
    for (QWidget *widget : {static_cast<QWidget *>(m_openAgain), static_cast<QWidget *>(m_copy),
                            static_cast<QWidget *>(m_paste), static_cast<QWidget *>(m_host)}) {
        widget->setVisible(!url.isEmpty());
    }
    m_host->setText(
        Words::tr(
            "The sign-in page is at %1. On another computer: copy the link, and paste the address that its "
            "browser ends up at.")
            .arg(base::displayAuthority(url)));
}

void WaitingPanel::setClientChangeable(bool changeable)
{
    m_changeClient->setVisible(changeable && !m_url.isEmpty());
}

void WaitingPanel::showPasteProblem(const QString &sentence)
{
    m_problem->setText(shownText(sentence, 400));
    m_problem->show();
    m_address->selectAll();
    m_address->setFocus();
}

void WaitingPanel::clear()
{
    m_copy->setText(Words::tr("Copy &link"));
    m_paste->setChecked(false);
    m_pasteRow->hide();
    m_problem->hide();
    m_address->clear();
    setSignInUrl({});
    setClientChangeable(false);
}

} // namespace mooring::ui
