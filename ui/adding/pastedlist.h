// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "interop/pastedserver.h"
#include "ui/widgets/plainlabel.h"

class QCheckBox;
class QVBoxLayout;

namespace mooring::ui {

/// The servers of one paste, to choose from; and what has become of each when they are added.
class PastedList final : public QWidget {
    Q_OBJECT
public:
    explicit PastedList(QWidget *parent = nullptr);

    /// All of them are chosen but those that are in the list already (`isKnown`) or switched off where they
    /// come from.
    void setServers(const QList<interop::PastedServer> &servers,
                    const std::function<bool(const interop::PastedServer &)> &isKnown);
    bool isEmpty() const { return m_rows.isEmpty(); }
    /// The places of those that are chosen, in their order.
    QList<qsizetype> chosen() const;
    /// While they are added, nothing can be chosen any more.
    void setLocked();
    void setResult(qsizetype row, const QString &sentence, text::Tone tone);

Q_SIGNALS:
    void edited();

private:
    struct Row {
        QCheckBox *box;
        PlainLabel *result;
    };

    QList<Row> m_rows;
    QVBoxLayout *m_column;
};

} // namespace mooring::ui
