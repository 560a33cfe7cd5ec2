// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "interop/headervalue.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;
using interop::Oddities;
using interop::Oddity;

class TstHeaderValue final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void isUndressed_data();
    void isUndressed();
    void tellsWithoutTheKey();
};

void TstHeaderValue::isUndressed_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("pasted");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("alternative");
    QTest::addColumn<Oddities>("noticed");
    const auto row = [](const char *title, const QString &name, const QString &pasted,
                        const QByteArray &value, const QByteArray &alternative, Oddities noticed) {
        QTest::newRow(title) << name << pasted << value << alternative << noticed;
    };
    const QString authorization = u"Authorization"_s;
    row("as it should be", authorization, u"Bearer k1"_s, "Bearer k1", {}, {});
    row("blanks around", authorization, u"  Bearer k1\r\n"_s, "Bearer k1", {}, {});
    row("quotes", authorization, u"\"Bearer k1\""_s, "Bearer k1", {}, Oddity::Quotes);
    row("curly quotes", u"X-Key"_s, u"\u201Ck1\u201D"_s, "k1", {}, Oddity::Quotes);
    row("quotes behind Bearer", authorization, u"Bearer 'k1'"_s, "Bearer k1", {}, Oddity::Quotes);
    row("the name in front", authorization, u"authorization: Bearer k1"_s, "Bearer k1", {},
        Oddity::NameInFront);
    row("the name and quotes", u"X-Key"_s, u"\"X-Key: 'k1'\""_s, "k1", {},
        Oddity::Quotes | Oddity::NameInFront);
    row("another name in front", u"X-Key"_s, u"abc:k1"_s, "abc:k1", {}, {});
    row("Bearer twice", authorization, u"Bearer bearer k1"_s, "bearer k1", {}, Oddity::SchemeTwice);
    row("a bare key", authorization, u"k1"_s, "k1", "Bearer k1", Oddity::SchemeMissing);
    row("another scheme", authorization, u"Basic dTpw"_s, "Basic dTpw", {}, {});
    row("Bearer in a key's header", u"X-Api-Key"_s, u"Bearer k1"_s, "Bearer k1", "k1",
        Oddity::SchemeInKeyHeader);
    row("a key in its header", u"X-Api-Key"_s, u"k1"_s, "k1", {}, {});
    row("nothing", authorization, QString(), {}, {}, {});
}

void TstHeaderValue::isUndressed()
{
    QFETCH(const QString, name);
    QFETCH(const QString, pasted);
    const interop::HeaderValue value = interop::readHeaderValue(name, pasted);
    QTEST(value.value.reveal(), "value");
    QTEST(value.alternative.reveal(), "alternative");
    QTEST(value.noticed, "noticed");
}

void TstHeaderValue::tellsWithoutTheKey()
{
    for (const QString &pasted : {u"\"k-4711\""_s, u"Authorization: Bearer Bearer k-4711"_s, u"k-4711"_s}) {
        const QString text =
            interop::oddityText(interop::readHeaderValue(u"Authorization"_s, pasted).noticed);
        QVERIFY(!text.isEmpty());
        QVERIFY2(!text.contains(u"4711"_s), qPrintable(text));
    }
    QCOMPARE(interop::oddityText({}), QString());
}

QTEST_GUILESS_MAIN(TstHeaderValue)
#include "tst_headervalue.moc"
