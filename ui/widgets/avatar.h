// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace mooring::ui {

void paintAvatar(QPainter *painter, const QRectF &rect, const QString &name, const QFont &font);
/// The initial of a connection's name in a colour of its own.
class Avatar final : public QWidget {
    Q_OBJECT
public:
    explicit Avatar(QWidget *parent = nullptr);
    void setName(const QString &name);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_name;
};

} // namespace mooring::ui
