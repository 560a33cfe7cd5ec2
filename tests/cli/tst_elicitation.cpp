// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/elicitation.h"
#include "cli/elicitationfield.h"
#include "support/await.h"

#include <QJsonArray>
#include <QTest>

#include <pty.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace mooring;
using namespace mooring::cli;
using Action = mcp::ElicitationAnswer::Action;

namespace {

/// Standard input is a terminal with somebody at it, while this lives.
class Keyboard final {
public:
    Keyboard()
        : m_before(::dup(STDIN_FILENO))
    {
        if (::openpty(&m_person, &m_tty, nullptr, nullptr, nullptr) != 0) {
            qFatal("there is no terminal for the test");
        }
        ::dup2(m_tty, STDIN_FILENO);
    }
    ~Keyboard()
    {
        ::dup2(m_before, STDIN_FILENO);
        for (const int handle : {m_before, m_tty, m_person}) {
            ::close(handle);
        }
    }
    Q_DISABLE_COPY_MOVE(Keyboard)

    void type(const QByteArray &text) const
    {
        if (::write(m_person, text.constData(), size_t(text.size())) != text.size()) {
            qFatal("the person can't type");
        }
    }

private:
    int m_before;
    int m_person = -1;
    int m_tty = -1;
};

QJsonObject schema()
{
    const QJsonArray colours = {QJsonObject{{u"const"_s, u"r"_s}, {u"title"_s, u"Red"_s}},
                                QJsonObject{{u"const"_s, u"b"_s}, {u"title"_s, u"Blue"_s}}};
    return {{u"type"_s, u"object"_s},
            {u"properties"_s,
             QJsonObject{{u"age"_s, QJsonObject{{u"type"_s, u"integer"_s}}},
                         {u"colour"_s, QJsonObject{{u"type"_s, u"string"_s}, {u"oneOf"_s, colours}}},
                         {u"name"_s, QJsonObject{{u"type"_s, u"string"_s}, {u"title"_s, u"Your name"_s}}},
                         {u"news"_s, QJsonObject{{u"type"_s, u"boolean"_s}, {u"default"_s, false}}}}},
            {u"required"_s, QJsonArray{u"name"_s, u"colour"_s}}};
}

mcp::ElicitationAnswer answerOf(const QByteArray &typed, const mcp::Elicitation &question)
{
    const Keyboard keyboard;
    Terminal terminal(false);
    const mcp::AskPerson ask = personAt(terminal);
    if (!ask) {
        qFatal("nobody is asked at a terminal");
    }
    keyboard.type(typed);
    return support::await(ask(question, {}));
}

} // namespace

class TstElicitation final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsASchema();
    void refusesWhatCantBeTyped();
    void readsOlderChoices();
    void takesValues_data();
    void takesValues();
    void asksHarmlessly();
    void asksFieldByField();
    void asksAgainUntilItFits();
    void declines();
    void stopsAtTheEndOfInput();
    void showsAPage();
    void asksNobodyAtAPipe();
    void asksNobodyForAProgram();
};

void TstElicitation::readsASchema()
{
    const base::Result<QList<Field>> fields = fieldsOf(schema());
    QVERIFY(fields.has_value());
    QCOMPARE(fields->size(), 4);
    QCOMPARE(fields->at(0).name, u"age"_s);
    QCOMPARE(fields->at(0).kind, Field::Kind::Integer);
    QVERIFY(!fields->at(0).isRequired);
    QCOMPARE(fields->at(1).kind, Field::Kind::Choice);
    QCOMPARE(fields->at(1).values, (QStringList{u"r"_s, u"b"_s}));
    QCOMPARE(fields->at(1).titles, (QStringList{u"Red"_s, u"Blue"_s}));
    QVERIFY(fields->at(1).isRequired);
    QCOMPARE(fields->at(2).kind, Field::Kind::Text);
    QCOMPARE(fields->at(3).kind, Field::Kind::YesOrNo);
    QVERIFY(fieldsOf({})->isEmpty());
}

void TstElicitation::refusesWhatCantBeTyped()
{
    for (const QString &type : {u"object"_s, u"array"_s, u"null"_s}) {
        QVERIFY2(!fieldsOf({{u"properties"_s, QJsonObject{{u"a"_s, QJsonObject{{u"type"_s, type}}}}}}),
                 qPrintable(type));
    }
    QJsonObject many;
    for (int number = 0; number < 51; ++number) {
        many.insert(QString::number(number), QJsonObject{{u"type"_s, u"string"_s}});
    }
    QVERIFY(!fieldsOf({{u"properties"_s, many}}));
}

void TstElicitation::readsOlderChoices()
{
    const QJsonObject property{{u"type"_s, u"string"_s},
                               {u"enum"_s, QJsonArray{u"r"_s, u"b"_s}},
                               {u"enumNames"_s, QJsonArray{u"Red"_s}}};
    const auto fields = fieldsOf({{u"properties"_s, QJsonObject{{u"colour"_s, property}}}});
    QVERIFY(fields.has_value());
    QCOMPARE(fields->first().titles, (QStringList{u"Red"_s, u"b"_s}));
}

void TstElicitation::takesValues_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("typed");
    QTest::addColumn<bool>("fits");
    QTest::addColumn<QJsonValue>("value");
    using K = Field::Kind;
    const auto row = [](const char *name, K kind, const QString &typed, bool fits,
                        const QJsonValue &value = QJsonValue::Undefined) {
        QTest::newRow(name) << static_cast<int>(kind) << typed << fits << value;
    };
    row("text stays as it is", K::Text, u" two  words "_s, true, u" two  words "_s);
    row("number", K::Number, u" 2.5 "_s, true, 2.5);
    row("no number", K::Number, u"two"_s, false);
    row("not finite", K::Number, u"inf"_s, false);
    row("integer", K::Integer, u"-3"_s, true, -3);
    row("not whole", K::Integer, u"2.5"_s, false);
    row("yes", K::YesOrNo, u"Y"_s, true, true);
    row("no", K::YesOrNo, u"no"_s, true, false);
    row("maybe", K::YesOrNo, u"maybe"_s, false);
    row("by number", K::Choice, u"2"_s, true, u"b"_s);
    row("by value", K::Choice, u"r"_s, true, u"r"_s);
    row("number too large", K::Choice, u"3"_s, false);
    row("another word", K::Choice, u"green"_s, false);
    row("left out", K::Integer, u"  "_s, true);
}

void TstElicitation::takesValues()
{
    QFETCH(const int, kind);
    QFETCH(const QString, typed);
    QFETCH(const bool, fits);
    QFETCH(const QJsonValue, value);
    Field field{u"field"_s, static_cast<Field::Kind>(kind)};
    field.values = {u"r"_s, u"b"_s};
    const base::Result<QJsonValue> taken = valueOf(field, typed);
    QCOMPARE(taken.has_value(), fits);
    if (fits) {
        QCOMPARE(*taken, value);
    }
    field.isRequired = true;
    QVERIFY(!valueOf(field, {}));
    field.otherwise = 7;
    QCOMPARE(valueOf(field, {}).value(), QJsonValue(7));
}

void TstElicitation::asksHarmlessly()
{
    Field field{u"\x1b[2Jname"_s, Field::Kind::Choice};
    field.title = u"Pick\u202E \x07one"_s;
    field.description = u"\x1b]0;t\x07line\nbreak"_s;
    field.values = field.titles = {u"\x1b[31mred"_s};
    field.otherwise = u"\x1b[31m"_s;
    const QString text = questionText(field);
    for (const QChar c : text) {
        QVERIFY2(c == u'\n' || c.category() != QChar::Other_Control, qPrintable(text));
        QVERIFY(c.category() != QChar::Other_Format);
    }
    QVERIFY(text.startsWith(u"Pick one"_s));
}

void TstElicitation::asksFieldByField()
{
    const mcp::ElicitationAnswer answer = answerOf("y\n\n2\nSam\n\n", {u"Who are you?"_s, schema(), {}});
    QCOMPARE(answer.action, Action::Accept);
    QCOMPARE(answer.content, (QJsonObject{{u"colour"_s, u"b"_s}, {u"name"_s, u"Sam"_s}, {u"news"_s, false}}));
}

void TstElicitation::asksAgainUntilItFits()
{
    const mcp::ElicitationAnswer answer =
        answerOf("perhaps\ny\nold\n41\ngreen\nr\n\nSam\ny\n", {u"Who are you?"_s, schema(), {}});
    QCOMPARE(answer.action, Action::Accept);
    QCOMPARE(answer.content,
             (QJsonObject{{u"age"_s, 41}, {u"colour"_s, u"r"_s}, {u"name"_s, u"Sam"_s}, {u"news"_s, true}}));
}

void TstElicitation::declines()
{
    QCOMPARE(answerOf("n\n", {u"Who?"_s, schema(), {}}).action, Action::Decline);
    const QJsonObject deep{{u"properties"_s, QJsonObject{{u"a"_s, QJsonObject{{u"type"_s, u"array"_s}}}}}};
    QCOMPARE(answerOf({}, {u"Who?"_s, deep, {}}).action, Action::Decline);
}

void TstElicitation::stopsAtTheEndOfInput()
{
    // Ctrl-D at the beginning of a line.
    const mcp::ElicitationAnswer answer = answerOf("y\n41\n\x04", {u"Who?"_s, schema(), {}});
    QCOMPARE(answer.action, Action::Cancel);
    QVERIFY(answer.content.isEmpty());
}

void TstElicitation::showsAPage()
{
    const QUrl page(u"https://pay.example/confirm"_s);
    QCOMPARE(answerOf("y\n", {u"Pay"_s, {}, page}).action, Action::Accept);
    QCOMPARE(answerOf("n\n", {u"Pay"_s, {}, page}).action, Action::Decline);
    QCOMPARE(answerOf("\x04", {u"Pay"_s, {}, page}).action, Action::Cancel);
}

void TstElicitation::asksNobodyAtAPipe()
{
    int ends[2] = {};
    QCOMPARE(::pipe(ends), 0);
    const int before = ::dup(STDIN_FILENO);
    ::dup2(ends[0], STDIN_FILENO);
    Terminal terminal(false);
    QVERIFY(!personAt(terminal));
    ::dup2(before, STDIN_FILENO);
    for (const int handle : {before, ends[0], ends[1]}) {
        ::close(handle);
    }
}

void TstElicitation::asksNobodyForAProgram()
{
    const Keyboard keyboard;
    Terminal terminal(true);
    QVERIFY(!personAt(terminal));
}

QTEST_GUILESS_MAIN(TstElicitation)
#include "tst_elicitation.moc"
