// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sessionbed.h"

using namespace mooring;
using namespace mooring::sessionbed;
using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Task;
using mcp::Elicitation;
using mcp::ElicitationAnswer;
using mcp::Era;
using support::await;
using support::FakeMcpServer;
using Action = ElicitationAnswer::Action;

namespace {

/// Gives the same answer to everything, and remembers what was asked.
struct Person {
    Action action = Action::Accept;
    QJsonObject content;
    QList<Elicitation> asked;
    std::stop_token lastStop;

    mcp::AskPerson ask()
    {
        return
            [this](Elicitation question, std::stop_token stop) { return answer(std::move(question), stop); };
    }
    Task<ElicitationAnswer> answer(Elicitation question, std::stop_token stop)
    {
        asked.append(question);
        lastStop = stop;
        co_return ElicitationAnswer{action, content};
    }
};

QJsonObject object(const QByteArray &text)
{
    return QJsonDocument::fromJson(text).object();
}

/// elicitation/create with a form of three fields.
QJsonObject form()
{
    return object(R"({"method":"elicitation/create","params":{"message":"Which one?","requestedSchema":
        {"type":"object","properties":{"name":{"type":"string","default":"John"},"age":{"type":"integer","default":30},
         "note":{"type":"string"}}}}})");
}

QJsonObject page(const QString &url)
{
    const QJsonObject params{
        {u"mode"_s, u"url"_s}, {u"elicitationId"_s, u"1"_s}, {u"message"_s, u"Look here"_s}, {u"url"_s, url}};
    return {{u"method"_s, u"elicitation/create"_s}, {u"params"_s, params}};
}

QJsonObject asRequest(QJsonObject question, const QString &id)
{
    question.insert(u"jsonrpc"_s, u"2.0"_s);
    question.insert(u"id"_s, id);
    return question;
}

/// The input-required result of MCP 2026-07-28.
QJsonObject wants(const QJsonObject &questions, const QString &state = {})
{
    QJsonObject result{{u"resultType"_s, u"input_required"_s}};
    if (!questions.isEmpty()) {
        result.insert(u"inputRequests"_s, questions);
    }
    if (!state.isEmpty()) {
        result.insert(u"requestState"_s, state);
    }
    return result;
}

QJsonValue capabilityOf(const FakeRequest &request)
{
    const QJsonObject params = request.json().value("params"_L1).toObject();
    return methodOf(request) == "initialize"_L1
               ? params.value("capabilities"_L1).toObject().value("elicitation"_L1)
               : params.value("_meta"_L1)["io.modelcontextprotocol/clientCapabilities"_L1]["elicitation"_L1];
}

} // namespace

class TestAsking : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { await(m_bed.tasks.drained()); }
    void answersAndRepeatsTheRequest();
    void keepsAnswersOutOfOtherRequests();
    void sendsNoStateThatWasNotGiven();
    void goesOnWithoutAQuestion();
    void saysNoForThePerson_data();
    void saysNoForThePerson();
    void tellsWhenNobodyCanBeAsked();
    void doesNotOfferMoreThanItCan();
    void endsEndlessQuestions();
    void showsAPage();
    void refusesADangerousPage();
    void answersOnTheCallsOwnStream();
    void answersOnTheSessionsStream();
    void worksWithoutTheSessionsStream();
    void beginsAnewWithSomebodyToAsk();
    void cancelsForACallWithoutAnybody();
    void refusesWhatWasNotOffered();
    void stopsAskingWhenTheCallEnds();
    void asksForThePersonOfTheSession();

private:
    Bed m_bed;
    Person m_person;
};

void TestAsking::init()
{
    m_person = {};
}

// Proves: MOD-8, MOD-12, MOD-13
void TestAsking::answersAndRepeatsTheRequest()
{
    FakeMcpServer server;
    server.answersCall = [](const QJsonObject &params) {
        return params.contains("inputResponses"_L1) ? textResult(u"thanks"_s)
                                                    : wants({{u"q"_s, form()}}, u"{\"opaque\": \"ü\" }"_s);
    };
    m_person.content = {{u"note"_s, u"mine"_s}, {u"age"_s, 7}};
    const auto result =
        await(m_bed.session(server.url())->callTool(u"echo"_s, {{u"text"_s, u"hi"_s}}, m_person.ask(), {}));
    QVERIFY2(result, result ? "" : qPrintable(result.error().sentence));
    QCOMPARE(result->text(), u"thanks"_s);
    QCOMPARE(m_person.asked.size(), 1);
    QCOMPARE(m_person.asked[0].message, u"Which one?"_s);
    QVERIFY(m_person.asked[0].requestedSchema.contains("properties"_L1));
    const auto sent = calls(server.http(), u"tools/call"_s);
    QCOMPARE(sent.size(), 2);
    QVERIFY(sent[0].json().value("id"_L1) != sent[1].json().value("id"_L1));
    const QJsonObject params = sent[1].json().value("params"_L1).toObject();
    QCOMPARE(params.value("requestState"_L1).toString(), u"{\"opaque\": \"ü\" }"_s);
    QCOMPARE(params.value("arguments"_L1)["text"_L1].toString(), u"hi"_s);
    // The person's word, and the defaults for what was left open (SEP-1034).
    const QJsonObject expected{
        {u"action"_s, u"accept"_s},
        {u"content"_s, QJsonObject{{u"note"_s, u"mine"_s}, {u"age"_s, 7}, {u"name"_s, u"John"_s}}}};
    QCOMPARE(params.value("inputResponses"_L1), QJsonValue(QJsonObject{{u"q"_s, expected}}));
    for (const FakeRequest &request : sent) {
        QCOMPARE(capabilityOf(request), QJsonValue(object(R"({"form":{},"url":{}})")));
    }
}

// Proves: MOD-13
void TestAsking::keepsAnswersOutOfOtherRequests()
{
    FakeMcpServer server;
    server.answersCall = [](const QJsonObject &params) {
        const bool isFirst = params.value("name"_L1) == "echo"_L1 && !params.contains("inputResponses"_L1);
        return isFirst ? wants({{u"q"_s, form()}}, u"state"_s) : textResult(u"done"_s);
    };
    const auto mine = m_bed.session(server.url());
    const auto another = [](std::shared_ptr<mcp::Session> session) -> Task<ElicitationAnswer> {
        co_await session->callTool(u"whoami"_s, {}, {}, {});
        co_return ElicitationAnswer{Action::Accept, {}};
    };
    const mcp::AskPerson ask = [&](Elicitation, std::stop_token) { return another(mine); };
    QVERIFY(await(mine->callTool(u"echo"_s, {}, ask, {})));
    const auto sent = calls(server.http(), u"tools/call"_s);
    QCOMPARE(sent.size(), 3);
    QCOMPARE(sent[1].json().value("params"_L1)["name"_L1].toString(), u"whoami"_s);
    QVERIFY(!sent[1].json().value("params"_L1).toObject().contains("inputResponses"_L1));
    QVERIFY(!sent[1].json().value("params"_L1).toObject().contains("requestState"_L1));
}

// Proves: MOD-13
void TestAsking::sendsNoStateThatWasNotGiven()
{
    FakeMcpServer server;
    int round = 0;
    server.answersCall = [&round](const QJsonObject &) {
        ++round;
        return round == 1   ? wants({{u"q"_s, form()}}, u"first"_s)
               : round == 2 ? wants({{u"r"_s, form()}})
                            : textResult(u"done"_s);
    };
    QVERIFY(await(m_bed.session(server.url())->callTool(u"echo"_s, {}, m_person.ask(), {})));
    const auto sent = calls(server.http(), u"tools/call"_s);
    QCOMPARE(sent.size(), 3);
    QCOMPARE(sent[1].json().value("params"_L1)["requestState"_L1].toString(), u"first"_s);
    const QJsonObject last = sent[2].json().value("params"_L1).toObject();
    QVERIFY(!last.contains("requestState"_L1));
    QCOMPARE(last.value("inputResponses"_L1).toObject().keys(), QStringList{u"r"_s});
}

void TestAsking::goesOnWithoutAQuestion()
{
    FakeMcpServer server;
    server.answersCall = [](const QJsonObject &params) {
        return params.contains("requestState"_L1) ? textResult(u"done"_s) : wants({}, u"later"_s);
    };
    const auto result = await(m_bed.session(server.url())->callTool(u"echo"_s, {}, {}, {}));
    QVERIFY(result);
    QCOMPARE(result->text(), u"done"_s);
}

void TestAsking::saysNoForThePerson_data()
{
    QTest::addColumn<Action>("action");
    QTest::addColumn<QString>("word");
    QTest::newRow("decline") << Action::Decline << u"decline"_s;
    QTest::newRow("cancel") << Action::Cancel << u"cancel"_s;
}

void TestAsking::saysNoForThePerson()
{
    QFETCH(Action, action);
    QFETCH(QString, word);
    FakeMcpServer server;
    server.answersCall = [](const QJsonObject &params) {
        return params.contains("inputResponses"_L1) ? textResult(u"a pity"_s) : wants({{u"q"_s, form()}});
    };
    m_person.action = action;
    m_person.content = {{u"name"_s, u"secret"_s}};
    QVERIFY(await(m_bed.session(server.url())->callTool(u"echo"_s, {}, m_person.ask(), {})));
    const auto sent = calls(server.http(), u"tools/call"_s);
    QCOMPARE(sent.last().json().value("params"_L1)["inputResponses"_L1]["q"_L1],
             QJsonValue(QJsonObject{{u"action"_s, word}}));
}

void TestAsking::tellsWhenNobodyCanBeAsked()
{
    FakeMcpServer server;
    server.answersCall = [](const QJsonObject &) { return wants({{u"q"_s, form()}}); };
    const auto result = await(m_bed.session(server.url())->callTool(u"echo"_s, {}, {}, {}));
    QVERIFY(!result);
    QCOMPARE(result.error().kind, ErrorKind::Protocol);
    QVERIFY2(result.error().sentence.contains("nobody here who could answer"_L1),
             qPrintable(result.error().sentence));
    const auto sent = calls(server.http(), u"tools/call"_s);
    QCOMPARE(sent.size(), 1);
    QVERIFY(capabilityOf(sent[0]).isUndefined());
}

void TestAsking::doesNotOfferMoreThanItCan()
{
    for (const QString &method : {u"sampling/createMessage"_s, u"roots/list"_s}) {
        FakeMcpServer server;
        server.answersCall = [&method](const QJsonObject &) {
            return wants({{u"q"_s, QJsonObject{{u"method"_s, method}}}});
        };
        const auto result = await(m_bed.session(server.url())->callTool(u"echo"_s, {}, m_person.ask(), {}));
        QVERIFY(!result);
        QCOMPARE(result.error().kind, ErrorKind::Protocol);
        QVERIFY(m_person.asked.isEmpty());
        QCOMPARE(calls(server.http(), u"tools/call"_s).size(), 1);
    }
}

void TestAsking::endsEndlessQuestions()
{
    FakeMcpServer server;
    server.answersCall = [](const QJsonObject &) { return wants({{u"q"_s, form()}}); };
    const auto result = await(m_bed.session(server.url())->callTool(u"echo"_s, {}, m_person.ask(), {}));
    QVERIFY(!result);
    QCOMPARE(result.error().kind, ErrorKind::Protocol);
    QCOMPARE(calls(server.http(), u"tools/call"_s).size(), 10);
    QCOMPARE(m_person.asked.size(), 10);
}

void TestAsking::showsAPage()
{
    FakeMcpServer server;
    server.answersCall = [](const QJsonObject &params) {
        return params.contains("inputResponses"_L1) ? textResult(u"ok"_s)
                                                    : wants({{u"q"_s, page(u"https://example.com/key"_s)}});
    };
    m_person.content = {{u"no"_s, u"part of it"_s}};
    QVERIFY(await(m_bed.session(server.url())->callTool(u"echo"_s, {}, m_person.ask(), {})));
    QCOMPARE(m_person.asked.size(), 1);
    QCOMPARE(m_person.asked[0].url, QUrl(u"https://example.com/key"_s));
    QVERIFY(m_person.asked[0].requestedSchema.isEmpty());
    const QJsonValue answer =
        calls(server.http(), u"tools/call"_s).last().json().value("params"_L1)["inputResponses"_L1]["q"_L1];
    QCOMPARE(answer, QJsonValue(QJsonObject{{u"action"_s, u"accept"_s}}));
}

// Proves: VT-02
void TestAsking::refusesADangerousPage()
{
    for (const QString &url :
         {u"http://example.com/key"_s, u"javascript:alert(1)"_s, u"file:///etc/passwd"_s}) {
        FakeMcpServer server;
        server.answersCall = [&url](const QJsonObject &) { return wants({{u"q"_s, page(url)}}); };
        const auto result = await(m_bed.session(server.url())->callTool(u"echo"_s, {}, m_person.ask(), {}));
        QVERIFY(!result);
        QCOMPARE(result.error().kind, ErrorKind::RefusedByPolicy);
        QVERIFY(m_person.asked.isEmpty());
    }
}

// Proves: LEG-8
void TestAsking::answersOnTheCallsOwnStream()
{
    FakeMcpServer server;
    server.speaksStateless = false;
    const auto mine = m_bed.session(server.url(), Era::Sessions);
    QVERIFY(await(mine->callTool(u"whoami"_s, {}, m_person.ask(), {})));
    server.http().forgetRequests();
    m_person.content = {{u"note"_s, u"mine"_s}};
    Writer write;
    // The deaf session is not asked for its stream again, so the next request is the call.
    server.http().once(server.path(), openStream(&write, sseEvent(asRequest(form(), u"a"_s))));
    auto asking = mine->callTool(u"echo"_s, {}, m_person.ask(), {});
    QTRY_COMPARE(server.replies().size(), 1);
    QCOMPARE(server.replies()[0].value("id"_L1).toString(), u"a"_s);
    const QJsonObject content{{u"note"_s, u"mine"_s}, {u"name"_s, u"John"_s}, {u"age"_s, 30}};
    QCOMPARE(server.replies()[0].value("result"_L1),
             QJsonValue(QJsonObject{{u"action"_s, u"accept"_s}, {u"content"_s, content}}));
    const QJsonValue id = calls(server.http(), u"tools/call"_s).last().json().value("id"_L1);
    write(sseEvent(response(id, textResult(u"done"_s))));
    const auto result = await(std::move(asking));
    QVERIFY(result);
    QCOMPARE(result->text(), u"done"_s);
}

// Proves: LEG-8
void TestAsking::answersOnTheSessionsStream()
{
    FakeMcpServer server;
    server.speaksStateless = false;
    server.hasOwnStream = true;
    const auto mine = m_bed.session(server.url(), Era::Sessions);
    QVERIFY(await(mine->callTool(u"echo"_s, {}, m_person.ask(), {})));
    const auto initialize = calls(server.http(), u"initialize"_s);
    QCOMPARE(initialize.size(), 1);
    QCOMPARE(capabilityOf(initialize[0]), QJsonValue(object(R"({"form":{},"url":{}})")));
    // The stream is there before the call, or the question would be lost.
    Writer listening;
    Writer answering;
    server.http().once(server.path(), openStream(&listening));
    server.http().once(server.path(), openStream(&answering));
    auto call = mine->callTool(u"echo"_s, {}, m_person.ask(), {});
    QTRY_VERIFY(answering);
    QVERIFY(listening);
    QCOMPARE(m_person.asked.size(), 0);
    listening(sseEvent(asRequest(form(), u"a"_s)));
    QTRY_COMPARE(server.replies().size(), 1);
    QCOMPARE(server.replies()[0].value("result"_L1)["action"_L1].toString(), u"accept"_s);
    const QJsonValue id = calls(server.http(), u"tools/call"_s).last().json().value("id"_L1);
    answering(sseEvent(response(id, textResult(u"done"_s))));
    QVERIFY(await(std::move(call)));
}

void TestAsking::worksWithoutTheSessionsStream()
{
    FakeMcpServer server;
    server.speaksStateless = false;
    const auto mine = m_bed.session(server.url(), Era::Sessions);
    QVERIFY(await(mine->callTool(u"echo"_s, {{u"text"_s, u"a"_s}}, m_person.ask(), {})));
    QVERIFY(await(mine->callTool(u"echo"_s, {{u"text"_s, u"b"_s}}, m_person.ask(), {})));
    QCOMPARE(server.methods().count(u"GET"_s), 1);
}

void TestAsking::beginsAnewWithSomebodyToAsk()
{
    FakeMcpServer server;
    server.speaksStateless = false;
    const auto mine = m_bed.session(server.url(), Era::Sessions);
    QVERIFY(await(mine->listTools({})));
    QVERIFY(await(mine->callTool(u"echo"_s, {}, m_person.ask(), {})));
    QVERIFY(await(mine->callTool(u"echo"_s, {}, {}, {})));
    const auto initialize = calls(server.http(), u"initialize"_s);
    QCOMPARE(initialize.size(), 2);
    QVERIFY(capabilityOf(initialize[0]).isUndefined());
    QVERIFY(capabilityOf(initialize[1]).isObject());
    QCOMPARE(server.sessions(), 2);
    await(mine->close());
    QCOMPARE(server.sessions(), 0);
}

void TestAsking::cancelsForACallWithoutAnybody()
{
    FakeMcpServer server;
    server.speaksStateless = false;
    const auto mine = m_bed.session(server.url(), Era::Sessions);
    QVERIFY(await(mine->callTool(u"echo"_s, {}, m_person.ask(), {})));
    Writer write;
    server.http().once(server.path(), openStream(&write, sseEvent(asRequest(form(), u"a"_s))));
    auto call = mine->callTool(u"echo"_s, {}, {}, {});
    QTRY_COMPARE(server.replies().size(), 1);
    QCOMPARE(server.replies()[0].value("result"_L1), QJsonValue(QJsonObject{{u"action"_s, u"cancel"_s}}));
    QVERIFY(m_person.asked.isEmpty());
    write({});
    QVERIFY(!await(std::move(call)));
}

// Proves: LEG-8
void TestAsking::refusesWhatWasNotOffered()
{
    FakeMcpServer server;
    server.speaksStateless = false;
    const auto mine = m_bed.session(server.url(), Era::Sessions);
    QVERIFY(await(mine->connect({})));
    Writer write;
    server.http().once(
        server.path(),
        openStream(&write, sseEvent(asRequest(form(), u"a"_s))
                               + sseEvent(asRequest({{u"method"_s, u"roots/list"_s}}, u"b"_s))));
    auto call = mine->callTool(u"echo"_s, {}, {}, {});
    QTRY_COMPARE(server.replies().size(), 2);
    for (const QJsonObject &reply : server.replies()) {
        QCOMPARE(reply.value("error"_L1)["code"_L1].toInt(), -32601);
    }
    write({});
    QVERIFY(!await(std::move(call)));
}

void TestAsking::stopsAskingWhenTheCallEnds()
{
    FakeMcpServer server;
    server.answersCall = [](const QJsonObject &params) {
        return params.contains("inputResponses"_L1) ? textResult(u"ok"_s) : wants({{u"q"_s, form()}});
    };
    QVERIFY(await(m_bed.session(server.url())->callTool(u"echo"_s, {}, m_person.ask(), {})));
    QVERIFY(m_person.lastStop.stop_possible());
    QVERIFY(m_person.lastStop.stop_requested());
}

void TestAsking::asksForThePersonOfTheSession()
{
    FakeMcpServer server;
    server.answersCall = [](const QJsonObject &params) {
        return params.contains("inputResponses"_L1) ? textResult(u"ok"_s) : wants({{u"q"_s, form()}});
    };
    const auto mine =
        std::make_shared<mcp::Session>(m_bed.client, m_bed.deadlines, server.url(), m_bed.nobody, m_bed.tasks,
                                       mcp::SessionOptions{Era::Unknown, m_person.ask()});
    QVERIFY(await(mine->callTool(u"echo"_s, {}, {}, {})));
    QCOMPARE(m_person.asked.size(), 1);
}

QTEST_GUILESS_MAIN(TestAsking)
#include "tst_asking.moc"
