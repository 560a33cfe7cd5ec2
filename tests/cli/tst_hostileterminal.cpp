// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Everything that a server can say, through the real mooringctl: at a terminal, at a pipe, and for a program.
// Nothing of it steers the terminal; for a program it is exact all the same.
#include "base/strictjson.h"
#include "cli/outputjson.h"
#include "cli/outputtext.h"
#include "ctlrunner.h"
#include "support/fakeauthserver.h"
#include "support/fakemcpserver.h"
#include "support/hostiletexts.h"

#include <QJsonDocument>
#include <QRegularExpression>
#include <QStringDecoder>
#include <QTest>

#include <fcntl.h>
#include <pty.h>
#include <termios.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace mooring;
using namespace mooring::clitest;
using support::HostileText;

namespace {

enum class Way { Terminal, Pipe, Program };

/// A terminal with a person at it who sees all bytes as they come.
class Screen final {
public:
    Screen()
    {
        termios raw = {};
        ::cfmakeraw(&raw);
        if (::openpty(&m_person, &m_tty, nullptr, &raw, nullptr) != 0) {
            qFatal("there is no terminal for the test");
        }
        ::fcntl(m_person, F_SETFL, O_NONBLOCK);
    }
    ~Screen()
    {
        ::close(m_person);
        ::close(m_tty);
    }
    Q_DISABLE_COPY_MOVE(Screen)

    int tty() const { return m_tty; }
    void type(const QByteArray &text) const
    {
        if (::write(m_person, text.constData(), size_t(text.size())) != text.size()) {
            qFatal("the person can't type");
        }
    }
    const QByteArray &shown()
    {
        char bytes[4096];
        for (auto count = ::read(m_person, bytes, sizeof bytes); count > 0;
             count = ::read(m_person, bytes, sizeof bytes)) {
            m_shown.append(bytes, count);
        }
        return m_shown;
    }

private:
    int m_person = -1;
    int m_tty = -1;
    QByteArray m_shown;
};

/// What is wrong with bytes that a person gets to see; the colours are mooringctl's own.
QString flawIn(const QByteArray &bytes)
{
    QStringDecoder decode(QStringDecoder::Utf8);
    QString text = decode(bytes);
    static const QRegularExpression colours(u"\x1b\\[(0|1|2|31|32|33)m"_s);
    text.remove(colours);
    return decode.hasError() ? u"no UTF-8"_s : support::flawIn(text, 100'000'000);
}

/// For a program: one line that is safe to look at, and the strict parser takes it.
QString flawInJson(const QByteArray &bytes)
{
    const bool isLine = bytes.endsWith('\n') && bytes.count('\n') == 1;
    QString unpiled = QString::fromUtf8(bytes);
    // How many marks are on a letter is the program's own business.
    unpiled.removeIf([](QChar c) { return c.isMark(); });
    const QString flaw = support::flawIn(unpiled, 100'000'000);
    if (!isLine || !flaw.isEmpty()) {
        return isLine ? flaw : u"not one line"_s;
    }
    const base::Result<QJsonObject> read = base::parseJsonObject(bytes.trimmed());
    return read ? QString() : u"not strict JSON: "_s + read.error().detail;
}

/// In UTF-8 there is no half of a surrogate pair, and no answer has any size.
QString overTheWire(const QString &text)
{
    return QString::fromUtf8(text.left(20'000).toUtf8());
}

QJsonObject textPart(const QString &text)
{
    return {{u"type"_s, u"text"_s}, {u"text"_s, text}};
}

/// A form whose every text is hostile.
QJsonObject questionOf(const QString &text)
{
    const QJsonArray choices{QJsonObject{{u"const"_s, u"a"_s}, {u"title"_s, text}}};
    const QJsonObject properties{
        {u"1"_s + text.left(500), QJsonObject{{u"type"_s, u"string"_s}, {u"description"_s, text}}},
        {u"2"_s, QJsonObject{{u"type"_s, u"string"_s}, {u"title"_s, text}, {u"default"_s, text}}},
        {u"3"_s, QJsonObject{{u"type"_s, u"string"_s}, {u"oneOf"_s, choices}}},
    };
    const QJsonObject params{
        {u"message"_s, text},
        {u"requestedSchema"_s, QJsonObject{{u"type"_s, u"object"_s}, {u"properties"_s, properties}}}};
    const QJsonObject question{{u"method"_s, u"elicitation/create"_s}, {u"params"_s, params}};
    return {{u"resultType"_s, u"input_required"_s}, {u"inputRequests"_s, QJsonObject{{u"q"_s, question}}}};
}

} // namespace

class TstHostileTerminal final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void listsToolsAndResults();
    void looksAtAServer_data() { addTexts(); }
    void looksAtAServer();
    void tellsErrors_data() { addTexts(); }
    void tellsErrors();
    void asksAPerson_data() { addTexts(); }
    void asksAPerson();
    void repeatsWhatWasTyped_data() { addTexts(); }
    void repeatsWhatWasTyped();

private:
    void addTexts() const;
    /// Runs it in that way; fails the test if anything that it writes is not fit to be seen.
    Run run(Way way, QStringList words);

    std::unique_ptr<CtlRunner> m_ctl;
    std::unique_ptr<support::FakeMcpServer> m_server;
};

void TstHostileTerminal::init()
{
    m_ctl = std::make_unique<CtlRunner>();
    m_server = std::make_unique<support::FakeMcpServer>();
}

/// Every day one of each sort, as each costs a few processes.
void TstHostileTerminal::addTexts() const
{
    QTest::addColumn<QString>("text");
    const bool isFull = qEnvironmentVariable("MOORING_CAMPAIGN") == "full"_L1;
    int number = 0;
    for (const HostileText &one : support::hostileTexts()) {
        const bool steers = one.name.startsWith("control") || one.name.startsWith("direction");
        if (isFull || (++number % (steers ? 3 : 9) == 0 && one.text.size() < 300'000)) {
            QTest::newRow(one.name.constData()) << one.text;
        }
    }
}

Run TstHostileTerminal::run(Way way, QStringList words)
{
    if (way == Way::Program) {
        words.prepend(u"--json"_s);
    }
    Screen screen;
    const std::unique_ptr<QProcess> process =
        way == Way::Terminal ? m_ctl->startAt(screen.tty(), words) : m_ctl->start(words);
    process->closeWriteChannel();
    // The servers are in this process, so its event loop has to go on.
    const auto hasEnded = [&] { return screen.shown().isNull() || process->state() == QProcess::NotRunning; };
    const bool isOver =
        QTest::qWaitFor([&] { return hasEnded() && process->state() == QProcess::NotRunning; }, 30'000);
    Run ended = isOver ? CtlRunner::finish(process.get()) : Run();
    if (way == Way::Terminal) {
        ended.out = screen.shown();
    }
    const QString flaw = way == Way::Program ? flawInJson(ended.out) : flawIn(ended.out);
    if (!isOver || !flaw.isEmpty() || !flawIn(ended.err).isEmpty()) {
        const QByteArray what = words.join(u' ').toUtf8().left(200) + ": " + flaw.toUtf8()
                                + flawIn(ended.err).toUtf8() + '\n'
                                + (ended.out + ended.err).left(4000).toPercentEncoding(" \n");
        QTest::qFail(what.constData(), __FILE__, __LINE__);
    }
    return ended;
}

// Proves: VT-17
void TstHostileTerminal::listsToolsAndResults()
{
    QJsonArray tools;
    QJsonArray parts;
    for (const HostileText &one : support::hostileTexts()) {
        const QString text = overTheWire(one.text);
        tools.append(QJsonObject{
            {u"name"_s, QString(u"tool "_s + text)}, {u"title"_s, text}, {u"description"_s, text}});
        parts.append(textPart(text));
    }
    m_server->answersCall = [parts](const QJsonObject &) {
        return QJsonObject{{u"content"_s, parts}, {u"isError"_s, false}};
    };
    const auto good = m_server->http().routeOf(m_server->path());
    m_server->http().route(m_server->path(), [good, tools](const support::FakeRequest &request) {
        support::FakeResponse answer = good(request);
        if (request.json()["method"_L1].toString() == "tools/list"_L1) {
            QJsonObject body = QJsonDocument::fromJson(answer.body).object();
            QJsonObject result = body["result"_L1].toObject();
            result.insert(u"tools"_s, tools);
            body.insert(u"result"_s, result);
            answer.body = QJsonDocument(body).toJson();
        }
        return answer;
    });
    run(Way::Program, {u"add"_s, m_server->url().toString(), u"--name"_s, u"Server"_s});
    for (const Way way : {Way::Terminal, Way::Pipe, Way::Program}) {
        const Run listed = run(way, {u"tools"_s, u"Server"_s});
        QCOMPARE(listed.exitCode, 0);
        QVERIFY(way == Way::Program || listed.out.count('\n') == tools.size());
        const Run called = run(way, {u"call"_s, u"Server"_s, u"any"_s});
        QCOMPARE(called.exitCode, 0);
        QVERIFY(called.out.size() > 10'000);
        if (way == Way::Program) {
            QCOMPARE(listed.json()["tools"_L1].toArray().size(), tools.size());
            QCOMPARE(called.json()["result"_L1]["content"_L1].toArray(), parts);
        }
    }
}

// Proves: VT-17
void TstHostileTerminal::looksAtAServer()
{
    QFETCH(const QString, text);
    m_server->serverName = overTheWire(text);
    m_server->answersCall = [text](const QJsonObject &) {
        return QJsonObject{{u"content"_s, QJsonArray{textPart(overTheWire(text))}}, {u"isError"_s, true}};
    };
    const QString url = m_server->url().toString();
    for (const Way way : {Way::Terminal, Way::Program}) {
        QCOMPARE(run(way, {u"probe"_s, url}).exitCode, 0);
    }
    QCOMPARE(run(Way::Pipe, {u"probe"_s, u"--report"_s, url}).exitCode, 0);
    run(Way::Terminal, {u"add"_s, url, u"--name"_s, u"a"_s});
    QCOMPARE(run(Way::Terminal, {u"call"_s, u"a"_s, u"echo"_s}).exitCode, 1);
    QCOMPARE(run(Way::Program, {u"call"_s, u"a"_s, u"echo"_s}).exitCode, 1);
}

// Proves: VT-17
void TstHostileTerminal::tellsErrors()
{
    QFETCH(const QString, text);
    support::FakeAuthServer service;
    const QJsonObject refusal{{u"error"_s, overTheWire(text)}, {u"error_description"_s, overTheWire(text)}};
    service.http().route(service.pathOf("register"), support::FakeResponse::json(refusal, 400));
    m_server->protect(service.issuer(), [](const QByteArray &) { return false; });
    m_server->scopesSupported = {overTheWire(text).left(1000)};
    run(Way::Program, {u"add"_s, m_server->url().toString(), u"--name"_s, u"a"_s});
    for (const Way way : {Way::Pipe, Way::Program}) {
        QVERIFY(run(way, {u"authorize"_s, u"a"_s, u"--no-browser"_s}).exitCode != 0);
    }
    run(Way::Terminal, {u"status"_s, u"a"_s});
    // Each sign-in asks with less, until there is nothing left to leave out (oauth::RegistrationTries).
    QCOMPARE(service.http().count(service.pathOf("register")), 2 * 5);
    // What stands in an HTTP answer that is no JSON at all.
    m_server->http().route(m_server->path(), support::FakeResponse::html(text.toUtf8().left(10'000), 500));
    QVERIFY(run(Way::Terminal, {u"probe"_s, m_server->url().toString()}).exitCode != 0);
}

// Proves: VT-17
void TstHostileTerminal::asksAPerson()
{
    QFETCH(const QString, text);
    m_server->answersCall = [text](const QJsonObject &params) {
        return params.contains("inputResponses"_L1)
                   ? QJsonObject{{u"content"_s, QJsonArray{textPart(u"thanks"_s)}}}
                   : questionOf(overTheWire(text));
    };
    run(Way::Program, {u"add"_s, m_server->url().toString(), u"--name"_s, u"a"_s});
    Screen screen;
    const auto process = m_ctl->startAt(screen.tty(), {u"call"_s, u"a"_s, u"echo"_s});
    QTRY_VERIFY_WITH_TIMEOUT(screen.shown().contains("(y or n)"), 20'000);
    screen.type("y\n\n\n1\n");
    QTRY_COMPARE_WITH_TIMEOUT(process->state(), QProcess::NotRunning, 20'000);
    QVERIFY2(screen.shown().contains("thanks"), screen.shown().constData());
    QCOMPARE(flawIn(screen.shown()), QString());
}

/// A script may have taken it from anywhere.
void TstHostileTerminal::repeatsWhatWasTyped()
{
    QFETCH(const QString, text);
    // No argument of a program can hold these.
    const QString word = text.left(2000).remove(QChar(u'\0'));
    run(Way::Terminal, {word});
    run(Way::Terminal, {u"status"_s, word});
    run(Way::Terminal, {u"settings"_s, u"a"_s, word});
    run(Way::Terminal, {u"probe"_s, word});
    run(Way::Program, {u"add"_s, m_server->url().toString(), u"--name"_s, word.isEmpty() ? u"x"_s : word});
    for (const Way way : {Way::Terminal, Way::Program}) {
        run(way, {u"list"_s});
        run(way, {u"status"_s});
        run(way, {u"call"_s, u"127.0.0.1"_s, word});
    }
}

QTEST_GUILESS_MAIN(TstHostileTerminal)
#include "tst_hostileterminal.moc"
