// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "interop/otheraddresses.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;

class TstOtherAddresses final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void areLikely_data();
    void areLikely();
};

void TstOtherAddresses::areLikely_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<QString>("others");
    QTest::newRow("a host") << u"https://a.example"_s << u"https://a.example/mcp https://a.example/sse"_s;
    QTest::newRow("a slash") << u"https://a.example:8443/"_s
                             << u"https://a.example:8443/mcp https://a.example:8443/sse"_s;
    QTest::newRow("a query") << u"https://a.example/?k=v%2Fw"_s
                             << u"https://a.example/mcp?k=v%2Fw https://a.example/sse?k=v%2Fw"_s;
    QTest::newRow("a path") << u"https://a.example/api/v1/"_s << u"https://a.example/api/v1/mcp"_s;
    QTest::newRow("an encoded path") << u"https://a.example/a%2Fb"_s << u"https://a.example/a%2Fb/mcp"_s;
    QTest::newRow("mcp") << u"https://a.example/mcp"_s << QString();
    QTest::newRow("mcp/") << u"https://a.example/x/MCP/"_s << QString();
    QTest::newRow("sse") << u"https://a.example/sse"_s << QString();
}

void TstOtherAddresses::areLikely()
{
    QFETCH(const QString, address);
    QStringList others;
    for (const QUrl &url : interop::otherAddresses(QUrl(address))) {
        others << QString::fromLatin1(url.toEncoded());
    }
    QTEST(others.join(u' '), "others");
}

QTEST_GUILESS_MAIN(TstOtherAddresses)
#include "tst_otheraddresses.moc"
