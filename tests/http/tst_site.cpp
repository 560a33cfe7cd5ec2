// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/site.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;

class TestSite final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void ownersOfNames_data();
    void ownersOfNames();
};

void TestSite::ownersOfNames_data()
{
    QTest::addColumn<QString>("one");
    QTest::addColumn<QString>("other");
    QTest::addColumn<bool>("isSame");
    const auto row = [](const QString &one, const QString &other, bool isSame) {
        QTest::addRow("%s and %s", qPrintable(one), qPrintable(other)) << one << other << isSame;
    };
    row(u"https://a.example"_s, u"https://A.example:8443/x"_s, true);
    row(u"https://login.example.com"_s, u"https://api.example.com"_s, true);
    row(u"https://example.com"_s, u"https://api.v2.example.com"_s, true);
    row(u"https://example.com"_s, u"https://example.org"_s, false);
    row(u"https://example.com"_s, u"https://badexample.com"_s, false);
    row(u"https://example.com.evil.test"_s, u"https://example.com"_s, false);
    row(u"https://bank.co.uk"_s, u"https://evil.co.uk"_s, false);
    row(u"https://login.bank.co.uk"_s, u"https://bank.co.uk"_s, true);
    row(u"https://one.github.io"_s, u"https://two.github.io"_s, false);
    row(u"https://a.one.github.io"_s, u"https://one.github.io"_s, true);
    row(u"https://github.io"_s, u"https://one.github.io"_s, false);
    row(u"https://login.xn--bcher-kva.example"_s, u"https://bücher.example"_s, true);
    row(u"https://nas"_s, u"https://nas:8443"_s, true);
    row(u"https://nas"_s, u"https://printer"_s, false);
    row(u"https://box.local"_s, u"https://other.local"_s, false);
    row(u"https://192.0.2.1"_s, u"https://192.0.2.1:1"_s, true);
    row(u"https://192.0.2.1"_s, u"https://10.0.2.1"_s, false);
    row(u"https://[2001:db8::1]"_s, u"https://[2001:db8::2]"_s, false);
    row(u"http://127.0.0.1:1"_s, u"http://localhost:2"_s, true);
    row(u"http://[::1]:1"_s, u"http://app.localhost"_s, true);
    row(u"http://127.0.0.1"_s, u"https://example.com"_s, false);
}

void TestSite::ownersOfNames()
{
    QFETCH(const QString, one);
    QFETCH(const QString, other);
    QFETCH(const bool, isSame);
    QCOMPARE(http::isSameSite(QUrl(one), QUrl(other)), isSame);
    QCOMPARE(http::isSameSite(QUrl(other), QUrl(one)), isSame);
}

QTEST_GUILESS_MAIN(TestSite)
#include "tst_site.moc"
