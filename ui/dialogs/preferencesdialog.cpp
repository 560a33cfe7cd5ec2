// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/preferencesdialog.h"

#include "base/displaytext.h"
#include "base/words.h"
#include "oauth/clientmetadata.h"
#include "ui/widgets/actionbutton.h"
#include "ui/widgets/layouthelpers.h"
#include "ui/widgets/plainlabel.h"

#include <QLineEdit>
#include <QVBoxLayout>

namespace mooring::ui {

using namespace Qt::StringLiterals;
using base::Words;

PreferencesDialog::PreferencesDialog(const QString &metadataUrl, QWidget *parent)
    : QDialog(parent)
    , m_url(new QLineEdit)
    , m_problem(wrapped({}))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setObjectName(u"preferencesDialog"_s);
    setWindowTitle(Words::tr("Settings"));
    m_url->setObjectName(u"metadataUrlField"_s);
    m_url->setAccessibleName(Words::tr("Address of Mooring's description"));
    m_url->setText(base::displayText(metadataUrl, 2000));
    m_url->setPlaceholderText(Words::tr("empty: none is used"));
    m_problem->setObjectName(u"metadataUrlProblemLabel"_s);
    m_problem->setTone(text::Tone::Attention);
    m_problem->hide();
    connect(m_url, &QLineEdit::textChanged, m_problem, &QWidget::hide);

    PlainLabel *title = singleLine(Words::tr("Address of Mooring's &description"));
    title->setBuddy(m_url);
    auto *all = new QVBoxLayout(this);
    const int gap = ems(this, 1);
    all->setContentsMargins(gap, gap, gap, gap);
    all->setSpacing(ems(this, 0.5));
    all->addWidget(title);
    all->addWidget(m_url);
    all->addWidget(m_problem);
    all->addWidget(
        wrapped(Words::tr("Services that can read it there learn from this page who Mooring is, and need no "
                          "registration."),
                PlainLabel::Ink::Muted));
    all->addSpacing(ems(this, 0.5));
    all->addStretch();
    all->addWidget(makeButtons());
    resize(letters(this, 76), sizeHint().height());
}

QWidget *PreferencesDialog::makeButtons()
{
    auto *normal = new ActionButton(Words::tr("&Back to normal"));
    auto *cancel = new ActionButton(Words::tr("Cancel"));
    auto *save = new ActionButton(Words::tr("&Save"));
    normal->setObjectName(u"backToNormalButton"_s);
    cancel->setObjectName(u"cancelButton"_s);
    save->setObjectName(u"saveButton"_s);
    save->setPrimary(true);
    save->setDefault(true);
    auto *row = new QWidget;
    auto *line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    line->addWidget(normal);
    line->addStretch();
    line->addWidget(cancel);
    line->addWidget(save);
    connect(normal, &QPushButton::clicked, this,
            [this] { m_url->setText(oauth::builtInClientMetadataUrl()); });
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(save, &QPushButton::clicked, this, &PreferencesDialog::save);
    return row;
}

void PreferencesDialog::save()
{
    const QString url = m_url->text().trimmed();
    if (!url.isEmpty() && !oauth::isClientMetadataUrl(url)) {
        m_problem->setText(Words::tr("That is no address of such a page. It looks like "
                                     "https://example.com/mooring.json."));
        m_problem->show();
        m_url->setFocus();
        return;
    }
    const bool isNormal = url == oauth::builtInClientMetadataUrl();
    Q_EMIT metadataUrlChosen(isNormal ? std::nullopt : std::optional(url));
    accept();
}

} // namespace mooring::ui
