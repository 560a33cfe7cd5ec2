// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/cardframe.h"

#include <QList>
#include <QUrl>

namespace mooring::ui {

struct DemoServer {
    QString name;
    QString address;
    QString explanation;
};

/// The loopback servers that `installer/run --demo` starts.
QList<DemoServer> demoServers();

/// The practice servers of the demo, each a click away. It goes when all of them are in the list, or when
/// somebody closes it.
class DemoHint final : public CardFrame {
    Q_OBJECT
public:
    enum class Closing { Never, ByButton };

    explicit DemoHint(Closing closing, QWidget *parent = nullptr);

    /// The addresses that are in the list already; they are not offered any more.
    void setKnown(const QList<QUrl> &addresses);

Q_SIGNALS:
    void addRequested(const QString &address);

private:
    struct Row {
        QUrl address;
        QWidget *widget;
    };

    QWidget *makeHead(Closing closing);
    QWidget *makeRow(const DemoServer &server);

    QList<Row> m_rows;
    bool m_isClosed = false;
};

} // namespace mooring::ui
