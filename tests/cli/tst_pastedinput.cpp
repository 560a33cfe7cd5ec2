// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/pastedinput.h"
#include "support/await.h"

#include <QTemporaryFile>
#include <QTest>
#include <QTimer>

#include <pty.h>
#include <termios.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace mooring;
using namespace mooring::cli;
using interop::Paste;
using interop::PastedServer;

namespace {

/// Another standard input while it lives.
class StandardInput final {
public:
    explicit StandardInput(int handle)
        : m_before(::dup(STDIN_FILENO))
    {
        ::dup2(handle, STDIN_FILENO);
    }
    ~StandardInput()
    {
        ::dup2(m_before, STDIN_FILENO);
        ::close(m_before);
    }
    Q_DISABLE_COPY_MOVE(StandardInput)

private:
    int m_before;
};

class InputFile final {
public:
    explicit InputFile(const QByteArray &bytes)
    {
        if (!m_file.open() || m_file.write(bytes) != bytes.size() || !m_file.flush() || !m_file.seek(0)) {
            qFatal("there is no file for the test");
        }
        m_input.emplace(m_file.handle());
    }

private:
    QTemporaryFile m_file;
    std::optional<StandardInput> m_input;
};

base::Result<Paste> read(const QStringList &words, const QByteArray &input = {})
{
    const InputFile file(input);
    Terminal terminal(false);
    return support::await(readPastedInput(terminal, words, {}));
}

/// What is pasted has this in its blanks.
base::Result<PastedServer> filled(const QString &pasted, const QByteArray &input)
{
    const InputFile file(input);
    Terminal terminal(false);
    return support::await(fillBlanks(terminal, interop::readPaste(pasted)->servers.first(), {}));
}

} // namespace

class TstPastedInput final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void takesArguments();
    void takesStandardInput();
    void readsLongLines();
    void refusesTooMuch();
    void fillsBlanks();
    void takesSuggestions();
    void namesBlanksThatNobodyFills();
    void refusesControlCharacters();
    void asksAtATerminal();
};

void TstPastedInput::takesArguments()
{
    const auto one = read({u"claude mcp add a https://a.example/mcp"_s}, "left alone");
    QVERIFY(one.has_value());
    QCOMPARE(one->servers.first().url.text(), u"https://a.example/mcp"_s);
    const auto several =
        read({u"claude"_s, u"mcp"_s, u"add"_s, u"a"_s, u"https://a.example/mcp"_s, u"-H"_s, u"X-Key: a b"_s});
    QVERIFY(several.has_value());
    QCOMPARE(several->servers.first().headers.first().value.text(), u"a b"_s);
}

void TstPastedInput::takesStandardInput()
{
    for (const QStringList &words : {QStringList(), QStringList(u"-"_s)}) {
        const auto paste = read(words, "[mcp_servers.a]\r\nurl = \"https://a.example/mcp\"\r\n");
        QVERIFY(paste.has_value());
        QCOMPARE(paste->servers.first().name, u"a"_s);
    }
    const auto nothing = read({}, {});
    QVERIFY(!nothing.has_value());
    QCOMPARE(nothing.error().kind, base::ErrorKind::InvalidInput);
}

void TstPastedInput::readsLongLines()
{
    const QByteArray padding(200'000, 'x');
    const auto paste =
        read({}, "{\"a\":{\"description\":\"" + padding + "\",\"url\":\"https://a.example/mcp\"}}");
    QVERIFY2(paste.has_value(), paste ? "" : qPrintable(paste.error().sentence));
    QCOMPARE(paste->servers.first().url.text(), u"https://a.example/mcp"_s);
}

void TstPastedInput::refusesTooMuch()
{
    const auto paste = read({}, "https://a.example/mcp" + QByteArray(interop::maximumPaste, ' '));
    QVERIFY(!paste.has_value());
    QCOMPARE(paste.error().kind, base::ErrorKind::InvalidInput);
}

void TstPastedInput::fillsBlanks()
{
    const auto server =
        filled(uR"({"a":{"url":"https://${HOST}/mcp","headers":{"X-Key":"${KEY}","X-Host":"${HOST}"}}})"_s,
               "a.example\nk-1\n");
    QVERIFY2(server.has_value(), server ? "" : qPrintable(server.error().sentence));
    QCOMPARE(server->url.text(), u"https://a.example/mcp"_s);
    QCOMPARE(server->headers.first().value.text(), u"k-1"_s);
    QCOMPARE(server->headers.last().value.text(), u"a.example"_s);
}

void TstPastedInput::takesSuggestions()
{
    const QString pasted =
        uR"({"a":{"url":"https://a.example/mcp","headers":{"X-Region":"${REGION:-eu}"}}})"_s;
    QCOMPARE(filled(pasted, "\n")->headers.first().value.text(), u"eu"_s);
    QCOMPARE(filled(pasted, "us\n")->headers.first().value.text(), u"us"_s);
}

void TstPastedInput::namesBlanksThatNobodyFills()
{
    const auto server = filled(
        uR"({"a":{"url":"https://a.example/mcp","headers":{"X-A":"${A_KEY}","X-B":"<b key>"}}})"_s, "k\n");
    QVERIFY(!server.has_value());
    QVERIFY2(server.error().sentence.contains(u"<b key>"_s), qPrintable(server.error().sentence));
    QVERIFY(!server.error().sentence.contains(u"A_KEY"_s));
}

void TstPastedInput::refusesControlCharacters()
{
    const auto server =
        filled(uR"({"a":{"url":"https://a.example/mcp","headers":{"X-A":"${A_KEY}"}}})"_s, "k\x1b[0mk\n");
    QVERIFY(!server.has_value());
    QVERIFY2(server.error().sentence.contains(u"A_KEY"_s), qPrintable(server.error().sentence));
}

void TstPastedInput::asksAtATerminal()
{
    int person = -1;
    int tty = -1;
    QVERIFY(::openpty(&person, &tty, nullptr, nullptr, nullptr) == 0);
    const StandardInput input(tty);
    Terminal terminal(false);
    // Ctrl-D ends the paste, and the question comes all the same.
    const QByteArray pasted = "https://a.example/mcp?key=<your key>\n\x04";
    QCOMPARE(::write(person, pasted.constData(), size_t(pasted.size())), pasted.size());
    const auto paste = support::await(readPastedInput(terminal, {}, {}));
    QVERIFY2(paste.has_value(), paste ? "" : qPrintable(paste.error().sentence));
    // A person types once the question is there, which is when nothing is echoed any more.
    QTimer look;
    connect(&look, &QTimer::timeout, this, [&] {
        termios now = {};
        if (::tcgetattr(tty, &now) == 0 && (now.c_lflag & ECHO) == 0) {
            look.stop();
            QCOMPARE(::write(person, "k-1\n", 4), 4);
        }
    });
    look.start(0);
    const auto server = support::await(fillBlanks(terminal, paste->servers.first(), {}));
    QVERIFY2(server.has_value(), server ? "" : qPrintable(server.error().sentence));
    QCOMPARE(server->url.text(), u"https://a.example/mcp?key=k-1"_s);
    ::close(person);
    ::close(tty);
}

QTEST_GUILESS_MAIN(TstPastedInput)
#include "tst_pastedinput.moc"
