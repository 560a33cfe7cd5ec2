// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/addserverwidgets.h"

#include "ui/flowlayout.h"

#include <QCoreApplication>
#include <QDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QScrollArea>
#include <QVBoxLayout>

namespace mooring::ui {

using namespace Qt::StringLiterals;

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("mooring::ui", text);
}

PlainLabel *labelFor(const QString &text, QWidget *field)
{
    PlainLabel *label = singleLine(text, PlainLabel::Ink::Muted);
    label->setBuddy(field);
    return label;
}

} // namespace

AddServerWidgets::AddServerWidgets(QDialog *dialog)
    : address(new QLineEdit)
    , problem(wrapped({}))
    , choice(new QComboBox)
    , note(wrapped({}, PlainLabel::Ink::Muted))
    , existsRow(nullptr)
    , existsText(wrapped({}, PlainLabel::Ink::Bold))
    , selectExisting(new ActionButton(tr("&Select it")))
    , secondAccount(new ActionButton(tr("Add a second &account")))
    , stepsCard(new CardFrame)
    , steps(new StepsView(StepsView::Form::Plain))
    , busy(singleLine(tr("Looking at the server…"), PlainLabel::Ink::Muted))
    , nameRow(nullptr)
    , name(new QLineEdit)
    , useKey(new QCheckBox(tr("Use an API &key instead of signing in")))
    , keyRow(nullptr)
    , headerName(new QLineEdit(u"Authorization"_s))
    , headerValue(new QLineEdit)
    , windowOnly(new QCheckBox(tr("Sign in for this &window only; nothing is kept when Mooring is closed")))
    , footer(wrapped({}, PlainLabel::Ink::Muted))
    , detailsArea(new QScrollArea)
    , details(new StepsView(StepsView::Form::Technical))
    , detailsButton(new ActionButton(tr("&Details")))
    , secondary(new ActionButton(tr("Add without signing in")))
    , primary(new ActionButton(tr("Authorize")))
{
    nameThem();
    existsRow = makeExistsRow();
    nameRow = makeNameRow();
    keyRow = makeKeyRow();
    layOut(dialog);
}

void AddServerWidgets::nameThem()
{
    address->setObjectName(u"addressField"_s);
    address->setAccessibleName(tr("Address or snippet"));
    address->setPlaceholderText(u"https://"_s);
    address->setClearButtonEnabled(true);
    problem->setObjectName(u"problemLabel"_s);
    problem->setTone(connections::Tone::Bad);
    choice->setObjectName(u"snippetChoiceBox"_s);
    choice->setAccessibleName(tr("Server of the snippet"));
    note->setObjectName(u"snippetNoteLabel"_s);
    existsText->setObjectName(u"existsLabel"_s);
    selectExisting->setObjectName(u"selectExistingButton"_s);
    secondAccount->setObjectName(u"secondAccountButton"_s);
    busy->setObjectName(u"lookingLabel"_s);
    name->setObjectName(u"nameField"_s);
    name->setAccessibleName(tr("Name"));
    name->setMaxLength(80);
    useKey->setObjectName(u"useKeyBox"_s);
    headerName->setObjectName(u"headerNameField"_s);
    headerName->setAccessibleName(tr("Name of the header"));
    headerValue->setObjectName(u"headerValueField"_s);
    headerValue->setAccessibleName(tr("Key"));
    headerValue->setEchoMode(QLineEdit::Password);
    windowOnly->setObjectName(u"windowOnlyBox"_s);
    footer->setObjectName(u"footerLabel"_s);
    detailsArea->setAccessibleName(tr("Technical report"));
    detailsButton->setObjectName(u"detailsButton"_s);
    detailsButton->setCheckable(true);
    secondary->setObjectName(u"addOnlyButton"_s);
    primary->setObjectName(u"authorizeButton"_s);
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
    form->addRow(labelFor(tr("&Name"), name), name);
    form->addRow(useKey);
    return row;
}

QWidget *AddServerWidgets::makeKeyRow()
{
    auto *row = new QWidget;
    auto *form = new QFormLayout(row);
    form->setContentsMargins(0, 0, 0, 0);
    form->addRow(labelFor(tr("&Header"), headerName), headerName);
    form->addRow(labelFor(tr("Ke&y"), headerValue), headerValue);
    return row;
}

void AddServerWidgets::layOut(QDialog *dialog)
{
    layOutSurfaces(dialog);
    auto *all = new QVBoxLayout(dialog);
    const int side = ems(dialog, 1.5);
    all->setContentsMargins(side, ems(dialog, 1.3), side, ems(dialog, 1.3));
    all->setSpacing(ems(dialog, 0.8));
    auto *head = new QVBoxLayout;
    head->setSpacing(ems(dialog, 0.2));
    head->addWidget(singleLine(tr("Add a server"), PlainLabel::Ink::Title));
    PlainLabel *hint =
        wrapped(tr("Paste its address, or the snippet that another app's instructions give you."),
                PlainLabel::Ink::Muted);
    hint->setBuddy(address);
    head->addWidget(hint);
    all->addLayout(head);
    for (QWidget *widget :
         {static_cast<QWidget *>(address), static_cast<QWidget *>(problem), static_cast<QWidget *>(choice),
          static_cast<QWidget *>(note), existsRow, static_cast<QWidget *>(stepsCard), nameRow, keyRow,
          static_cast<QWidget *>(windowOnly), static_cast<QWidget *>(footer)}) {
        all->addWidget(widget);
    }
    all->addWidget(detailsArea, 1);
    all->addStretch();
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(detailsButton);
    buttons->addStretch();
    buttons->addWidget(secondary);
    buttons->addWidget(primary);
    all->addLayout(buttons);
    address->setMinimumHeight(ems(dialog, 2.1));
    address->setTextMargins(ems(dialog, 0.3), 0, 0, 0);
}

void AddServerWidgets::layOutSurfaces(QDialog *dialog)
{
    auto *card = new QVBoxLayout(stepsCard);
    const int gap = ems(dialog, 0.8);
    card->setContentsMargins(gap, gap, gap, gap);
    card->addWidget(steps);
    card->addWidget(busy);
    auto *report = new QWidget;
    auto *reportColumn = new QVBoxLayout(report);
    reportColumn->addWidget(details);
    reportColumn->addStretch();
    detailsArea->setWidget(report);
    detailsArea->setWidgetResizable(true);
    detailsArea->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    detailsArea->setMinimumHeight(ems(dialog, 11));
}

} // namespace mooring::ui
