// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/page/connectiondetails.h"
#include "ui/widgets/actionbutton.h"
#include "ui/widgets/plainlabel.h"
#include "ui/widgets/stepsview.h"

namespace mooring::ui {

/// What was found out about a server, to be read by anybody: the outcome in one sentence, then what was
/// asked and learnt, step by step. All of it can be copied for somebody who helps.
class ReportView final : public QWidget {
    Q_OBJECT
public:
    explicit ReportView(QWidget *parent = nullptr);
    void setDetails(const ConnectionDetails &details, const QDateTime &now);

Q_SIGNALS:
    void checkAgainClicked();
    void authorizeClicked();

private:
    void setUpButtons();
    void copyReport();

    ConnectionDetails m_details;
    PlainLabel *m_verdict;
    PlainLabel *m_when;
    StepsView *m_steps;
    ActionButton *m_authorize;
    ActionButton *m_copy;
    ActionButton *m_checkAgain;
};

} // namespace mooring::ui
