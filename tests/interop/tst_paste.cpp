// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The pasted forms of forms/*.txt, and what comes out of each. A form is
//
//     == its name
//     the pasted text, with <U+00A0> for a character that an editor hides
//     --> name | address | Header: value ; Secret-Header*: value | blank, blank | client C ; port P ; …
//     --> note: a part of a note
//     --! a part of the sentence that refuses it
//
// with one arrow for each server; empty fields at the end are left out.
#include "interop/paste.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;
using interop::PastedServer;

namespace {

struct Form {
    QString name;
    QString text;
    QStringList servers;
    QStringList notes;
    QString refusal;
};

QString withHidden(QString text)
{
    static const QRegularExpression hidden(u"<U\\+([0-9A-F]{4})>"_s);
    for (auto match = hidden.match(text); match.hasMatch(); match = hidden.match(text)) {
        text.replace(match.captured(0), QChar(match.captured(1).toUShort(nullptr, 16)));
    }
    return text;
}

void takeLine(const QString &line, QList<Form> *forms)
{
    if (line.startsWith("== "_L1)) {
        forms->append({line.sliced(3), {}, {}, {}, {}});
    } else if (forms->isEmpty()) {
        return;
    } else if (line.startsWith("--> note: "_L1)) {
        forms->last().notes << line.sliced(10);
    } else if (line.startsWith("-->"_L1)) {
        forms->last().servers << line.sliced(3).trimmed();
    } else if (line.startsWith("--! "_L1)) {
        forms->last().refusal = line.sliced(4);
    } else {
        forms->last().text += line + u'\n';
    }
}

QList<Form> formsOf(const QString &path)
{
    QFile file(path);
    QList<Form> forms;
    if (file.open(QIODevice::ReadOnly)) {
        const QStringList lines = QString::fromUtf8(file.readAll()).split(u'\n');
        for (const QString &line : lines) {
            takeLine(line, &forms);
        }
    }
    for (Form &form : forms) {
        while (form.text.endsWith(u'\n')) {
            form.text.chop(1);
        }
        form.text = withHidden(form.text);
    }
    return forms;
}

QString folder()
{
    return QFileInfo(QFINDTESTDATA("forms/commands.txt")).absolutePath();
}

QString moreOf(const PastedServer &server)
{
    QStringList more;
    const auto say = [&more](const QString &name, const QString &value) {
        if (!value.isEmpty()) {
            more << name + u' ' + value;
        }
    };
    say(u"client"_s, server.clientId);
    say(u"secret"_s, QString::fromUtf8(server.clientSecret.reveal()));
    say(u"port"_s, server.callbackPort == 0 ? QString() : QString::number(server.callbackPort));
    say(u"scopes"_s, server.scopes.join(u','));
    if (server.isDisabled) {
        more << u"off"_s;
    }
    return more.join(u" ; "_s);
}

QString lineOf(const PastedServer &server)
{
    QStringList headers;
    for (const interop::PastedHeader &header : server.headers) {
        headers << header.name + (header.isSecret ? u"*: "_s : u": "_s) + header.value.text();
    }
    QStringList blanks;
    for (const interop::Blank &blank : server.blanks()) {
        blanks << blank.name;
    }
    QString line = QStringList{server.name, server.url.text(), headers.join(u" ; "_s), blanks.join(u", "_s),
                               moreOf(server)}
                       .join(u" | "_s)
                       .replace("|  |"_L1, "| |"_L1)
                       .replace("|  |"_L1, "| |"_L1)
                       .trimmed();
    while (line.endsWith(u'|')) {
        line = line.chopped(1).trimmed();
    }
    return line;
}

void addRows(const Form &form, const QString &file)
{
    QTest::addRow("%s: %s", qPrintable(file), qPrintable(form.name))
        << form.text << form.servers << form.notes << form.refusal;
}

} // namespace

class TstPaste final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void isRead_data();
    void isRead();
    void hasManyForms();
    void readsWordsOfTheShell();
    void endsAtAHundredServers();
    void keepsTheirOrder();
    void fillsBlanks();
    void knowsWhatABlankIsAbout();
};

void TstPaste::isRead_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("servers");
    QTest::addColumn<QStringList>("notes");
    QTest::addColumn<QString>("refusal");
    for (const QString &file : QDir(folder()).entryList({u"*.txt"_s})) {
        for (const Form &form : formsOf(folder() + u'/' + file)) {
            addRows(form, file.chopped(4));
        }
    }
}

// Proves: VT-08
void TstPaste::isRead()
{
    QFETCH(const QString, text);
    QFETCH(const QStringList, servers);
    QFETCH(const QStringList, notes);
    QFETCH(const QString, refusal);
    const base::Result<interop::Paste> paste = interop::readPaste(text);
    if (!refusal.isEmpty()) {
        QVERIFY2(!paste.has_value(), "was not refused");
        QVERIFY2(paste.error().sentence.contains(refusal), qPrintable(paste.error().sentence));
        return;
    }
    QVERIFY2(paste.has_value(), paste ? "" : qPrintable(paste.error().sentence));
    QStringList got;
    for (const PastedServer &server : paste->servers) {
        got << lineOf(server);
    }
    QCOMPARE(got.join(u'\n'), servers.join(u'\n'));
    QVERIFY2(paste->notes.size() == notes.size(), qPrintable(paste->notes.join(u"; "_s)));
    for (qsizetype i = 0; i < notes.size(); ++i) {
        QVERIFY2(paste->notes.at(i).contains(notes.at(i)), qPrintable(paste->notes.at(i)));
    }
}

void TstPaste::hasManyForms()
{
    qsizetype taken = 0;
    for (const QString &file : QDir(folder()).entryList({u"*.txt"_s})) {
        for (const Form &form : formsOf(folder() + u'/' + file)) {
            QVERIFY2(form.servers.isEmpty() != form.refusal.isEmpty(), qPrintable(form.name));
            taken += form.refusal.isEmpty() ? 1 : 0;
        }
    }
    qInfo("%d pasted forms", int(taken));
    QVERIFY(taken >= 150);
}

void TstPaste::readsWordsOfTheShell()
{
    const auto paste =
        interop::readPastedWords({u"claude"_s, u"mcp"_s, u"add"_s, u"a"_s, u"https://a.example/mcp"_s,
                                  u"--header"_s, u"X-Key: two words"_s});
    QVERIFY(paste.has_value());
    QCOMPARE(lineOf(paste->servers.first()), u"a | https://a.example/mcp | X-Key*: two words"_s);
    const auto sentence = interop::readPastedWords({u"see"_s, u"https://a.example/mcp"_s});
    QVERIFY(sentence.has_value());
    QCOMPARE(lineOf(sentence->servers.first()), u"| https://a.example/mcp"_s);
}

void TstPaste::endsAtAHundredServers()
{
    QStringList members;
    for (int i = 0; i < 130; ++i) {
        members << u"\"a%1\":{\"url\":\"https://a%1.example/mcp\"}"_s.arg(i);
    }
    const auto paste = interop::readPaste(u"{\"mcpServers\":{"_s + members.join(u',') + u"}}"_s);
    QVERIFY(paste.has_value());
    QCOMPARE(paste->servers.size(), 100);
    QCOMPARE(paste->notes, QStringList(u"Only the first 100 of 130 servers are shown."_s));
}

void TstPaste::keepsTheirOrder()
{
    const auto paste = interop::readPaste(
        uR"({"z":{"url":"https://z.example/"},"a":{"url":"https://a.example/"},"m":{"url":"https://m.example/"}})"_s);
    QVERIFY(paste.has_value());
    QStringList names;
    for (const PastedServer &server : paste->servers) {
        names << server.name;
    }
    QCOMPARE(names, QStringList({u"z"_s, u"a"_s, u"m"_s}));
}

void TstPaste::fillsBlanks()
{
    const auto paste = interop::readPaste(
        uR"({"a":{"url":"https://${HOST}/mcp","headers":{"Authorization":"Bearer ${KEY}!","X-Host":"${HOST}"}}})"_s);
    QVERIFY(paste.has_value());
    const PastedServer &server = paste->servers.first();
    QCOMPARE(server.headers.first().value.before(), u"Bearer "_s);
    QCOMPARE(server.headers.first().value.after(), u"!"_s);
    const PastedServer half = server.filled({{u"HOST"_s, u"a.example"_s}});
    QVERIFY(!half.isComplete());
    QCOMPARE(half.url.text(), u"https://a.example/mcp"_s);
    const PastedServer whole = half.filled({{u"KEY"_s, u"k"_s}});
    QVERIFY(whole.isComplete());
    QCOMPARE(whole.headers.first().value.text(), u"Bearer k!"_s);
    QCOMPARE(whole.headers.last().value.text(), u"a.example"_s);
}

void TstPaste::knowsWhatABlankIsAbout()
{
    const auto paste = interop::readPaste(
        uR"({"inputs":[{"id":"where","type":"pickString","options":["eu","us"],"default":"eu","description":"Region"}],
             "servers":{"a":{"url":"https://a.example/mcp","headers":{"X-Region":"${input:where}"}}}})"_s);
    QVERIFY(paste.has_value());
    const interop::Blank blank = paste->servers.first().blanks().value(0);
    QCOMPARE(blank.description, u"Region"_s);
    QCOMPARE(blank.suggestion, u"eu"_s);
    QCOMPARE(blank.choices, QStringList({u"eu"_s, u"us"_s}));
    QVERIFY(!blank.isSecret);
}

QTEST_GUILESS_MAIN(TstPaste)
#include "tst_paste.moc"
