// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "http/steps.h"
#include "ui/widgets/statusmark.h"

#include <QGridLayout>
#include <QToolButton>

namespace mooring::ui {

/// The steps of finding out about a server, each with its outcome in a symbol and in words. The
/// technical form adds request, status and detail below each; the report says what was asked, too, and
/// folds the technical part away.
class StepsView final : public QWidget {
    Q_OBJECT
public:
    enum class Form { Plain, Technical, Report };

    /// A server decides how many steps there are; nobody reads more than these.
    static constexpr int maximumSteps = 40;

    explicit StepsView(Form form, QWidget *parent = nullptr);

    void setSteps(const QList<http::Step> &steps);
    /// Added below the others.
    void addStep(const http::Step &step);
    /// A line that comes from no request: something found out, good or bad.
    void addLine(const QString &text, text::Tone tone);
    void clear();
    int count() const { return m_count; }

private:
    struct Row {
        StatusMark *mark;
        /// Below the text: what was asked.
        QString asked = {};
        QString text = {};
        /// Beside it.
        QString aside = {};
        /// For developers.
        QString below = {};
    };
    void addRow(const Row &row);
    QToolButton *makeFold(QWidget *below);

    Form m_form;
    QGridLayout *m_grid;
    int m_count = 0;
};

} // namespace mooring::ui
