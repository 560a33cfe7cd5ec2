// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "oauth/authorizationserver.h"
#include "ui/page/connectiondetails.h"

#include <QPalette>

namespace mooring::uitests {

/// A fixed moment, so that pictures and texts are the same each time.
QDateTime sampleNow();

struct Sample {
    QString title; ///< for file names
    ui::ConnectionDetails details;
};

/// A connection in each phase that the window knows, made by hand.
QList<Sample> samples();
QList<text::ConnectionView> sampleViews();
mcp::ProbeReport sampleReport();
QList<mcp::Tool> sampleTools();

/// What a record has of a sign-in service that is described in that way.
QJsonObject serviceRecord(oauth::AuthorizationServer::Described described);

QPalette lightPalette();
QPalette darkPalette();
QPalette highContrastPalette();

/// A connection in which everything that a server can say is that text.
ui::ConnectionDetails hostileDetails(const QString &text);
/// Harmless texts, but thousands of them wherever a server or time can bring many.
ui::ConnectionDetails longDetails();

} // namespace mooring::uitests
