// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/labels.h"
#include "ui/paintedwidgets.h"
#include "ui/stepsview.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>

class QDialog;
class QScrollArea;

namespace mooring::ui {

/// The widgets of the add dialog, laid out; what they mean is the dialog's business.
struct AddServerWidgets {
    explicit AddServerWidgets(QDialog *dialog);

    QLineEdit *address;
    PlainLabel *problem; ///< in place, below the address
    QComboBox *choice; ///< which server of a snippet
    PlainLabel *note; ///< what was left out of a snippet, placeholders
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
    QWidget *keyRow;
    QLineEdit *headerName;
    QLineEdit *headerValue;
    QCheckBox *windowOnly;
    PlainLabel *footer; ///< what happens next
    QScrollArea *detailsArea;
    StepsView *details;
    ActionButton *detailsButton;
    ActionButton *secondary;
    ActionButton *primary;

private:
    void nameThem();
    QWidget *makeExistsRow();
    QWidget *makeNameRow();
    QWidget *makeKeyRow();
    void layOut(QDialog *dialog);
    void layOutSurfaces(QDialog *dialog);
};

} // namespace mooring::ui
