// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/records/typedheaders.h"
#include "interop/pastedserver.h"
#include "ui/adding/addserverwidgets.h"

namespace mooring::ui {

/// What the add dialog knows of one server beside its address: its name, the headers that it is sent, and the
/// blanks of the paste. What was pasted stands in the fields, where it can be changed.
class ServerForm final {
public:
    /// The widgets outlive it.
    explicit ServerForm(AddServerWidgets &widgets);

    /// Empties everything but the name, which stays as long as nobody pastes another one.
    void clear();
    void take(const interop::PastedServer &server);
    /// Puts a name in unless the person has typed one.
    void suggestName(const QString &name);

    QString name() const;
    /// What has been typed and filled in, ready to be sent.
    QList<connections::TypedHeader> headers() const;
    /// Every header that has been begun is whole.
    bool headersAreWhole() const;
    /// The address, if it had a blank that is filled in now; else empty.
    QString filledAddress() const;

private:
    AddServerWidgets &m_widgets;
    /// With its blanks; its whole headers are in their rows.
    interop::PastedServer m_server;
    QString m_suggestedName;
};

} // namespace mooring::ui
