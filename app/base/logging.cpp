// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/logging.h"

#include <QByteArrayView>

namespace mooring::base {

Q_LOGGING_CATEGORY(lcHttp, "mooring.http", QtInfoMsg)
Q_LOGGING_CATEGORY(lcOauth, "mooring.oauth", QtInfoMsg)
Q_LOGGING_CATEGORY(lcMcp, "mooring.mcp", QtInfoMsg)
Q_LOGGING_CATEGORY(lcStorage, "mooring.storage", QtInfoMsg)
Q_LOGGING_CATEGORY(lcConnections, "mooring.connections", QtInfoMsg)

namespace {

QLoggingCategory::CategoryFilter previousFilter = nullptr;

void withoutLeakyCategories(QLoggingCategory *category)
{
    previousFilter(category);
    const QByteArrayView name(category->categoryName());
    // qt.networkauth prints the authorization URL and token answers; qt.network.* prints headers
    // and bodies at its deepest levels; qt.qpa.* prints the URLs it is asked to open.
    if (name.startsWith("qt.networkauth") || name.startsWith("qt.network.")
        || name.startsWith("qt.qpa.services") || name.startsWith("qt.text.")
        || name.startsWith("qt.core.qmetaobject")) {
        for (const QtMsgType type : {QtDebugMsg, QtInfoMsg, QtWarningMsg}) {
            category->setEnabled(type, false);
        }
    }
}

} // namespace

void silenceLeakyCategories()
{
    if (!previousFilter) {
        previousFilter = QLoggingCategory::installFilter(withoutLeakyCategories);
    }
}

} // namespace mooring::base
