// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/form.h"

#include <QTest>

using namespace mooring;
using http::FormFields;

class TestForm final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void encode();
    void decode_data();
    void decode();
    void allBytesRoundTrip();
};

void TestForm::encode()
{
    QCOMPARE(http::encodeForm({}), QByteArray());
    QCOMPARE(http::encodeForm({{"a b", "c&d=e"}, {"a b", ""}, {"", "~-._"}}), "a%20b=c%26d%3De&a%20b=&=~-._");
    QCOMPARE(http::percentEncode("+/ %2F\xc3\xa4"), "%2B%2F%20%252F%C3%A4");
}

void TestForm::decode_data()
{
    QTest::addColumn<QByteArray>("encoded");
    QTest::addColumn<bool>("isGood");
    QTest::addColumn<FormFields>("fields");
    const auto row = [](const QByteArray &encoded, const FormFields &fields) {
        QTest::newRow(encoded.constData()) << encoded << true << fields;
    };
    row("", {});
    row("a=b", {{"a", "b"}});
    row("a=b+c%2Bd%20e", {{"a", "b c+d e"}});
    row("a", {{"a", ""}});
    row("a=&=b&&", {{"a", ""}, {"", "b"}});
    row("a=b=c", {{"a", "b=c"}});
    row("a%3Db=c%26d", {{"a=b", "c&d"}});
    row("a=1&a=2", {{"a", "1"}, {"a", "2"}});
    row("a=%2f%2F", {{"a", "//"}});
    row("a=%252F", {{"a", "%2F"}});
    for (const char *bad : {"a=%", "a=%2", "a=%zz", "%=b", "a=b%4", "a=%+1"}) {
        QTest::newRow(bad) << QByteArray(bad) << false << FormFields();
    }
}

void TestForm::decode()
{
    QFETCH(QByteArray, encoded);
    QFETCH(bool, isGood);
    QFETCH(FormFields, fields);
    const std::optional<FormFields> decoded = http::decodeForm(encoded);
    QCOMPARE(decoded.has_value(), isGood);
    if (isGood) {
        QCOMPARE(*decoded, fields);
    }
}

void TestForm::allBytesRoundTrip()
{
    QByteArray all;
    for (int i = 0; i < 256; ++i) {
        all += static_cast<char>(i);
        const QByteArray one(1, static_cast<char>(i));
        const FormFields fields = {{one, one}, {"x", one + one}};
        QCOMPARE(http::decodeForm(http::encodeForm(fields)).value_or(FormFields()), fields);
    }
    const FormFields fields = {{"n" + all, all}, {"token", all + all}};
    const QByteArray encoded = http::encodeForm(fields);
    QCOMPARE(http::decodeForm(encoded).value_or(FormFields()), fields);
    for (const char c : encoded) {
        QVERIFY(c > ' ' && c < '\x7f' && c != '+' && c != '"');
    }
}

QTEST_GUILESS_MAIN(TestForm)
#include "tst_form.moc"
