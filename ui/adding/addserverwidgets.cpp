// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/adding/addserverwidgets.h"

#include "base/words.h"
#include "ui/widgets/excerpt.h"
#include "ui/widgets/flowlayout.h"
#include "ui/widgets/layouthelpers.h"

#include <QDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QScrollArea>
#include <QVBoxLayout>

namespace mooring::ui {

using namespace Qt::StringLiterals;
using base::Words;

namespace {

CardFrame *cardWith(const QDialog *dialog, const QList<QWidget *> &widgets)
{
    auto *card = new CardFrame;
    auto *column = new QVBoxLayout(card);
    const int gap = ems(dialog, 0.8);
    column->setContentsMargins(gap, gap, gap, gap);
    for (QWidget *widget : widgets) {
        column->addWidget(widget);
    }
    return card;
}

} // namespace

AddServerWidgets::AddServerWidgets(QDialog *dialog)
    : address(new PasteField)
    , problem(new ExcerptLabel(500))
    , note(wrapped({}, PlainLabel::Ink::Muted))
    , blanks(new PlaceholderFields)
    , several(new PastedList)
    , existsRow(nullptr)
    , existsText(wrapped({}, PlainLabel::Ink::Bold))
    , selectExisting(new ActionButton(Words::tr("&Select it")))
    , secondAccount(new ActionButton(Words::tr("Add a second &account")))
    , stepsCard(nullptr)
    , steps(new StepsView(StepsView::Form::Plain))
    , busy(singleLine(Words::tr("Looking at the server…"), PlainLabel::Ink::Muted))
    , nameRow(nullptr)
    , name(new QLineEdit)
    , useKey(new QCheckBox(Words::tr("Send an API &key or other headers")))
    , headers(new HeaderRows)
    , offer(new RemedyPanel)
    , windowOnly(
          new QCheckBox(Words::tr("Sign in for this &window only; nothing is kept when Mooring is closed")))
    , footer(wrapped({}, PlainLabel::Ink::Muted))
    , detailsCard(nullptr)
    , details(new StepsView(StepsView::Form::Technical))
    , detailsButton(new ActionButton(Words::tr("&Details")))
    , secondary(new ActionButton(Words::tr("Add without signing in")))
    , primary(new ActionButton(Words::tr("Authorize")))
{
    nameThem();
    existsRow = makeExistsRow();
    nameRow = makeNameRow();
    stepsCard = cardWith(dialog, {steps, busy});
    detailsCard = cardWith(dialog, {details});
    layOut(dialog);
}

void AddServerWidgets::nameThem()
{
    address->setObjectName(u"addressField"_s);
    address->setAccessibleName(Words::tr("Address or snippet"));
    address->setPlaceholderText(u"https://"_s);
    address->setClearButtonEnabled(true);
    problem->label()->setObjectName(u"problemLabel"_s);
    problem->label()->setTone(text::Tone::Bad);
    note->setObjectName(u"snippetNoteLabel"_s);
    existsText->setObjectName(u"existsLabel"_s);
    selectExisting->setObjectName(u"selectExistingButton"_s);
    selectExisting->setPrimary(true);
    secondAccount->setObjectName(u"secondAccountButton"_s);
    busy->setObjectName(u"lookingLabel"_s);
    name->setObjectName(u"nameField"_s);
    name->setAccessibleName(Words::tr("Name"));
    name->setMaxLength(80);
    useKey->setObjectName(u"useKeyBox"_s);
    headers->setObjectName(u"headerRows"_s);
    windowOnly->setObjectName(u"windowOnlyBox"_s);
    footer->setObjectName(u"footerLabel"_s);
    detailsButton->setObjectName(u"detailsButton"_s);
    detailsButton->setCheckable(true);
    secondary->setObjectName(u"addOnlyButton"_s);
    primary->setObjectName(u"authorizeButton"_s);
    primary->setPrimary(true);
}

QWidget *AddServerWidgets::makeExistsRow()
{
    auto *row = new QWidget;
    auto *column = new QVBoxLayout(row);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(existsText);
    auto *buttons = new FlowLayout;
    buttons->addWidget(selectExisting);
    buttons->addWidget(secondAccount);
    column->addLayout(buttons);
    return row;
}

QWidget *AddServerWidgets::makeNameRow()
{
    auto *row = new QWidget;
    auto *form = new QFormLayout(row);
    form->setContentsMargins(0, 0, 0, 0);
    PlainLabel *label = singleLine(Words::tr("&Name"), PlainLabel::Ink::Muted);
    label->setBuddy(name);
    form->addRow(label, name);
    form->addRow(useKey);
    return row;
}

QWidget *AddServerWidgets::makeContent(const QDialog *dialog)
{
    auto *content = new QWidget;
    auto *all = new QVBoxLayout(content);
    const int side = ems(dialog, 1.5);
    all->setContentsMargins(side, ems(dialog, 1.3), side, ems(dialog, 0.4));
    all->setSpacing(ems(dialog, 0.8));
    auto *head = new QVBoxLayout;
    head->setSpacing(ems(dialog, 0.2));
    head->addWidget(singleLine(Words::tr("Add a server"), PlainLabel::Ink::Title));
    PlainLabel *hint = wrapped(
        Words::tr(
            "Paste or drop its address, an install link, or whatever another app's instructions give you."),
        PlainLabel::Ink::Muted);
    hint->setBuddy(address);
    head->addWidget(hint);
    all->addLayout(head);
    for (QWidget *widget :
         std::initializer_list<QWidget *>{address, problem, note, blanks, several, existsRow, stepsCard,
                                          nameRow, headers, offer, windowOnly, footer, detailsCard}) {
        all->addWidget(widget);
    }
    all->addStretch();
    address->setMinimumHeight(ems(dialog, 2.1));
    address->setTextMargins(ems(dialog, 0.3), 0, 0, 0);
    return content;
}

QWidget *AddServerWidgets::makeButtons(const QDialog *dialog)
{
    auto *row = new QWidget;
    auto *buttons = new QHBoxLayout(row);
    const int side = ems(dialog, 1.5);
    buttons->setContentsMargins(side, ems(dialog, 0.6), side, ems(dialog, 1.1));
    buttons->addWidget(detailsButton);
    buttons->addStretch();
    buttons->addWidget(secondary);
    buttons->addWidget(primary);
    return row;
}

void AddServerWidgets::layOut(QDialog *dialog)
{
    m_content = makeContent(dialog);
    m_buttons = makeButtons(dialog);
    auto *area = new QScrollArea;
    area->setWidget(m_content);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setFocusPolicy(Qt::NoFocus);
    area->setMinimumHeight(ems(dialog, 8));
    area->viewport()->setAutoFillBackground(false);
    m_content->setAutoFillBackground(false);
    auto *all = new QVBoxLayout(dialog);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addWidget(area, 1);
    all->addWidget(m_buttons);
}

int AddServerWidgets::wantedHeight(int width) const
{
    const QLayout *layout = m_content->layout();
    const int content =
        layout->hasHeightForWidth() ? layout->totalHeightForWidth(width) : layout->totalSizeHint().height();
    return content + m_buttons->sizeHint().height();
}

void AddServerWidgets::showProblem(const QString &sentence)
{
    problem->setText(sentence);
    problem->setVisible(!sentence.isEmpty());
}

void AddServerWidgets::showNote(const QString &text)
{
    note->setText(shownText(text, 900));
    note->setVisible(!text.isEmpty());
}

void AddServerWidgets::addStep(const http::Step &step)
{
    details->addStep(step);
    if (step.outcome != http::Step::Outcome::NotThere) {
        steps->addStep(step);
    }
}

void AddServerWidgets::clearSteps()
{
    steps->clear();
    details->clear();
}

void AddServerWidgets::showChoice(const AddChoice &choice)
{
    primary->setText(choice.primaryText);
    primary->setEnabled(choice.isReady);
    primary->setVisible(!choice.showsOffer);
    secondary->setText(choice.secondaryText);
    secondary->setVisible(!choice.secondaryText.isEmpty());
    footer->setText(choice.footer);
    footer->setVisible(!choice.footer.isEmpty());
}

void AddServerWidgets::showOnlySeveral()
{
    for (QWidget *widget : std::initializer_list<QWidget *>{existsRow, stepsCard, nameRow, headers, offer,
                                                            windowOnly, footer, detailsButton, secondary}) {
        widget->hide();
    }
    several->show();
}

} // namespace mooring::ui
