// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/adding/addchoice.h"
#include "ui/adding/pastedlist.h"
#include "ui/adding/pastefield.h"
#include "ui/adding/placeholderfields.h"
#include "ui/widgets/actionbutton.h"
#include "ui/widgets/cardframe.h"
#include "ui/widgets/excerptlabel.h"
#include "ui/widgets/headerrows.h"
#include "ui/widgets/plainlabel.h"
#include "ui/widgets/remedypanel.h"
#include "ui/widgets/stepsview.h"

#include <QCheckBox>

class QDialog;

namespace mooring::ui {

/// The widgets of the add dialog, laid out; what they mean is the dialog's business. Everything but the
/// buttons scrolls where the screen is too low for it.
struct AddServerWidgets {
    explicit AddServerWidgets(QDialog *dialog);

    /// Of a dialog that is so wide and shows all it has to show.
    int wantedHeight(int width) const;

    /// Empty: nothing is wrong.
    void showProblem(const QString &sentence);
    void showNote(const QString &text);
    /// Into the details; and into the card, but for places that had nothing: the next one is tried anyway.
    void addStep(const http::Step &step);
    void clearSteps();
    /// The buttons, and what happens next.
    void showChoice(const AddChoice &choice);
    /// The list of servers in place of all that is about one.
    void showOnlySeveral();

    PasteField *address;
    ExcerptLabel *problem; ///< in place, below the address
    PlainLabel *note; ///< what was left out of a paste, or is special about it
    PlaceholderFields *blanks;
    PastedList *several;
    QWidget *existsRow;
    PlainLabel *existsText;
    ActionButton *selectExisting;
    ActionButton *secondAccount;
    CardFrame *stepsCard;
    StepsView *steps;
    PlainLabel *busy; ///< last line of the card while looking
    QWidget *nameRow;
    QLineEdit *name;
    QCheckBox *useKey;
    HeaderRows *headers;
    RemedyPanel *offer;
    QCheckBox *windowOnly;
    PlainLabel *footer; ///< what happens next
    CardFrame *detailsCard;
    StepsView *details;
    ActionButton *detailsButton;
    ActionButton *secondary;
    ActionButton *primary;

private:
    void nameThem();
    QWidget *makeExistsRow();
    QWidget *makeNameRow();
    QWidget *makeContent(const QDialog *dialog);
    QWidget *makeButtons(const QDialog *dialog);
    void layOut(QDialog *dialog);

    QWidget *m_content = nullptr;
    QWidget *m_buttons = nullptr;
};

} // namespace mooring::ui
