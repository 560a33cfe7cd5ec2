// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

namespace mooring::ui {

/// Gives text fields and boxes to tick a frame that can be seen in dark colours. Qt's own style (Fusion)
/// makes the frame darker than the window, which on a dark window is no frame at all. Follows the person's
/// palette.
class FieldFrames final : public QObject {
    Q_OBJECT
public:
    /// Of the whole application, which owns it.
    explicit FieldFrames(QObject *application);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void apply();

    bool m_applying = false;
};

} // namespace mooring::ui
