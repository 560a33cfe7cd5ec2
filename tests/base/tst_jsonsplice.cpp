// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/jsonsplice.h"
#include "base/strictjson.h"

#include <QJsonArray>
#include <QTest>

using namespace mooring::base;
using namespace Qt::StringLiterals;

namespace {

/// Each kind of value, and what a scanner may stumble over. No raw literal: moc takes its quotes for the end.
const QByteArray mixed =
    " { \"id\" : 7 ,\"a\":\"x\\\"}\\\\\""
    ",\"b\":{\"c\":[1,{\"d\":\"]\"}]},\"caf\\u00e9\":null,\"e\":[],\"f\":-1.5e3,\"g\":true } ";

QJsonObject parsed(const QByteArray &text)
{
    return parseJsonObject(text).value_or(QJsonObject{{u"not"_s, u"JSON"_s}});
}

QByteArray valueIn(const QByteArray &text, QByteArrayView name)
{
    return JsonSplice::of(text)->value(name).toByteArray();
}

} // namespace

class TestJsonSplice final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void findsMembers();
    void leavesOtherBytesAlone();
    void agreesWithTheParser_data();
    void agreesWithTheParser();
    void namesElements();
    void quotesTexts_data();
    void quotesTexts();
    void staysInsideOfAnyText();
};

void TestJsonSplice::findsMembers()
{
    QCOMPARE(valueIn(mixed, "id"), "7"_ba);
    QCOMPARE(valueIn(mixed, "a"), R"("x\"}\\")"_ba);
    QCOMPARE(valueIn(mixed, "b"), R"({"c":[1,{"d":"]"}]})"_ba);
    QCOMPARE(valueIn(mixed, "caf\xc3\xa9"), "null"_ba);
    QCOMPARE(valueIn(mixed, "e"), "[]"_ba);
    QCOMPARE(valueIn(mixed, "f"), "-1.5e3"_ba);
    QCOMPARE(valueIn(mixed, "g"), "true"_ba);
    const auto splice = JsonSplice::of(mixed);
    QVERIFY(splice->contains("caf\xc3\xa9"));
    // Only those of the object itself.
    QVERIFY(!splice->contains("c"));
    QVERIFY(!splice->contains("d"));
    QVERIFY(!splice->contains(""));
    for (const QByteArray &none : {"[]"_ba, "7"_ba, "\"{}\""_ba, "null"_ba, ""_ba}) {
        QVERIFY(!JsonSplice::of(none));
    }
}

void TestJsonSplice::leavesOtherBytesAlone()
{
    const QByteArray text = R"({ "id": 7, "big": 12345678901234567890.10, "x" :"\u0041" })";
    const auto splice = JsonSplice::of(text);
    QCOMPARE(splice->with("id", R"("é")"),
             R"({ "id": "é", "big": 12345678901234567890.10, "x" :"\u0041" })"_ba);
    QCOMPARE(splice->with("new", "[]"),
             R"({ "id": 7, "big": 12345678901234567890.10, "x" :"\u0041" ,"new":[]})"_ba);
    QCOMPARE(splice->without("id"), R"({ "big": 12345678901234567890.10, "x" :"\u0041" })"_ba);
    QCOMPARE(splice->without("big"), R"({ "id": 7, "x" :"\u0041" })"_ba);
    QCOMPARE(splice->without("x"), R"({ "id": 7, "big": 12345678901234567890.10 })"_ba);
    QCOMPARE(splice->without("y"), text);
    const QByteArray one = R"({"a":1})";
    QCOMPARE(JsonSplice::of(one)->without("a"), "{}"_ba);
    QCOMPARE(JsonSplice::of("{ }")->with("a", "1"), R"({ "a":1})"_ba);
}

void TestJsonSplice::agreesWithTheParser_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("nothing") << "{}"_ba;
    QTest::newRow("space") << " {\n\t} "_ba;
    QTest::newRow("mixed") << mixed;
    QTest::newRow("escaped names") << R"({"\u0069d":1,"\"":2,"a\\":3,"":4})"_ba;
    QTest::newRow("braces in texts") << R"({"a":"}{][\\\"","b":"\\","c":["\"]"]})"_ba;
}

void TestJsonSplice::agreesWithTheParser()
{
    QFETCH(QByteArray, text);
    QVERIFY(checkJson(text));
    const QJsonObject object = parsed(text);
    const auto splice = JsonSplice::of(text);
    QVERIFY(splice);
    for (auto member = object.begin(); member != object.end(); ++member) {
        const QByteArray name = member.key().toUtf8();
        QCOMPARE(parseJson(splice->value(name)).value_or(QJsonValue()), member.value());
        QJsonObject rest = object;
        rest.remove(member.key());
        QCOMPARE(parsed(splice->without(name)), rest);
        rest.insert(member.key(), 5);
        QCOMPARE(parsed(splice->with(name, "5")), rest);
    }
    QJsonObject more = object;
    more.insert(u"more"_s, QJsonArray{1});
    QCOMPARE(parsed(splice->with("more", "[1]")), more);
}

void TestJsonSplice::namesElements()
{
    const auto elements = [](const QByteArray &text) {
        QByteArrayList list;
        for (const QByteArrayView element : jsonElements(text)) {
            list.append(element.toByteArray());
        }
        return list;
    };
    QCOMPARE(elements(R"( [ 1, "a,]" ,{"b":[2]},[ ] ,null ] )"),
             (QByteArrayList{"1", R"("a,]")", R"({"b":[2]})", "[ ]", "null"}));
    QCOMPARE(elements("[]"), QByteArrayList());
    QCOMPARE(elements(R"({"a":[1]})"), QByteArrayList());
}

void TestJsonSplice::quotesTexts_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("empty") << u""_s;
    QTest::newRow("plain") << u"tools/list"_s;
    QTest::newRow("quotes") << u"a\"b\\c"_s;
    QTest::newRow("control") << u"a\nb\u0001"_s;
    QTest::newRow("beyond ASCII") << u"grüße \U0001F600"_s;
}

void TestJsonSplice::quotesTexts()
{
    QFETCH(QString, text);
    const QByteArray json = jsonOfText(text);
    QVERIFY(checkJson(json));
    QCOMPARE(textOfJson(json), text);
    QVERIFY(!textOfJson(json).isNull());
    QVERIFY(textOfJson("7").isNull());
    QVERIFY(textOfJson("").isNull());
}

void TestJsonSplice::staysInsideOfAnyText()
{
    // Cut anywhere it is not well-formed any more; what is said of it must still be a part of it.
    for (qsizetype size = 0; size < mixed.size(); ++size) {
        const QByteArray cut(mixed.constData(), size);
        const QByteArray list = '[' + cut;
        for (const QByteArrayView element : jsonElements(list)) {
            QVERIFY(element.size() <= size);
        }
        if (const auto splice = JsonSplice::of(cut)) {
            QVERIFY(splice->value("b").size() <= size);
            QVERIFY(splice->without("b").size() <= size);
            QVERIFY(!splice->with("b", "1").isEmpty());
        }
    }
}

QTEST_GUILESS_MAIN(TestJsonSplice)
#include "tst_jsonsplice.moc"
