// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctlrunner.h"

#include <QDirIterator>
#include <QFile>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QTcpSocket>
#include <QTest>

#include <unistd.h>

namespace mooring::clitest {

using namespace Qt::StringLiterals;

namespace {

constexpr int patience = 60'000;

void makeScript(const QString &path, const QByteArray &command)
{
    QFile file(path);
    if (!file.open(QFile::WriteOnly)) {
        qFatal("the xdg-open of the test can't be written");
    }
    file.write("#!/bin/sh\n" + command + '\n');
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
}

} // namespace

bool DemoServers::start()
{
    m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    m_process.start(QStringLiteral(MOORING_DEMO), {u"serve"_s, u"--port-base"_s, u"0"_s});
    while (m_process.canReadLine() || m_process.waitForReadyRead(patience)) {
        const QString line = QString::fromUtf8(m_process.readLine()).trimmed();
        if (line == "READY"_L1) {
            return true;
        }
        m_hints.insert(line.section(u' ', 0, 0), line);
        m_urls.insert(line.section(u' ', 0, 0), line.section(u' ', 1, 1));
    }
    return false;
}

DemoServers::~DemoServers()
{
    m_process.closeWriteChannel();
    if (!m_process.waitForFinished(patience)) {
        qFatal("mooring-demo does not end when its input ends");
    }
}

QJsonObject Run::json() const
{
    return out.count('\n') == 1 && out.endsWith('\n') ? QJsonDocument::fromJson(out).object() : QJsonObject();
}

CtlRunner::CtlRunner()
    : m_environment(QProcessEnvironment::systemEnvironment())
    , m_program(QStringLiteral(MOORINGCTL))
{
    for (const QString &name : {u"http_proxy"_s, u"https_proxy"_s, u"all_proxy"_s, u"HTTP_PROXY"_s,
                                u"HTTPS_PROXY"_s, u"ALL_PROXY"_s, u"QT_LOGGING_RULES"_s}) {
        m_environment.remove(name);
    }
    m_environment.insert(u"LC_ALL"_s, u"C.UTF-8"_s);
    m_environment.insert(u"XDG_DATA_HOME"_s, m_data.path());
    setPerson(Person::Allows);
}

void CtlRunner::setPerson(Person person)
{
    const QString opener = m_programs.filePath(u"xdg-open"_s);
    QFile::remove(opener);
    const QByteArray decision = person == Person::Allows ? "approve" : "deny";
    if (person != Person::HasNoBrowser) {
        makeScript(opener, QByteArray("exec '") + MOORING_DEMO + "' " + decision + " \"$1\"");
    }
    m_environment.insert(u"PATH"_s, m_programs.path());
}

std::unique_ptr<QProcess> CtlRunner::start(const QStringList &words, int input)
{
    auto process = std::make_unique<QProcess>();
    if (input >= 0) {
        process->setChildProcessModifier([input] { ::dup2(input, STDIN_FILENO); });
    }
    process->setProcessEnvironment(m_environment);
    process->start(m_program, words);
    if (!process->waitForStarted(patience)) {
        qFatal("mooringctl can't be started");
    }
    return process;
}

std::unique_ptr<QProcess> CtlRunner::startWith(std::function<void()> inChild, const QStringList &words)
{
    auto process = std::make_unique<QProcess>();
    process->setChildProcessModifier(std::move(inChild));
    process->setProcessEnvironment(m_environment);
    process->start(m_program, words);
    if (!process->waitForStarted(patience)) {
        qFatal("mooringctl can't be started");
    }
    return process;
}

std::unique_ptr<QProcess> CtlRunner::startAt(int terminal, const QStringList &words)
{
    auto process = std::make_unique<QProcess>();
    process->setChildProcessModifier([terminal] {
        for (const int handle : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
            ::dup2(terminal, handle);
        }
    });
    process->setProcessEnvironment(m_environment);
    process->start(m_program, words);
    if (!process->waitForStarted(patience)) {
        qFatal("mooringctl can't be started");
    }
    return process;
}

Run CtlRunner::finish(QProcess *process)
{
    process->closeWriteChannel();
    if (process->state() != QProcess::NotRunning && !process->waitForFinished(patience)) {
        qFatal("mooringctl does not end: %s", process->readAllStandardError().constData());
    }
    return {process->exitStatus() == QProcess::NormalExit ? process->exitCode() : -1,
            process->readAllStandardOutput(), process->readAllStandardError()};
}

Run CtlRunner::run(const QStringList &words, const QByteArray &input)
{
    const std::unique_ptr<QProcess> process = start(words);
    process->write(input);
    return finish(process.get());
}

QJsonObject CtlRunner::ok(const QStringList &words, const QByteArray &input)
{
    const Run ended = run(QStringList{u"--json"_s} + words, input);
    const QByteArray what = words.join(u' ').toUtf8() + " ended with " + QByteArray::number(ended.exitCode)
                            + ": " + ended.out + ended.err;
    if (ended.exitCode != 0 || ended.json().isEmpty()) {
        QTest::qFail(what.constData(), __FILE__, __LINE__);
    }
    return ended.json();
}

QStringList CtlRunner::filesWith(const QByteArray &canary) const
{
    QStringList found;
    QDirIterator walk(m_data.path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (walk.hasNext()) {
        QFile file(walk.next());
        if (!file.open(QFile::ReadOnly)) {
            found.append(u"unreadable: "_s + file.fileName());
            continue;
        }
        const QByteArray bytes = file.readAll();
        if (bytes.contains(canary) || bytes.contains(canary.toBase64(QByteArray::OmitTrailingEquals))) {
            found.append(file.fileName());
        }
    }
    return found;
}

Page exchange(const QUrl &url, const QByteArray &form)
{
    QTcpSocket socket;
    socket.connectToHost(url.host(), quint16(url.port()));
    const QByteArray query = url.query(QUrl::FullyEncoded).toLatin1();
    QByteArray request = (form.isEmpty() ? "GET " : "POST ") + url.path(QUrl::FullyEncoded).toLatin1()
                         + (query.isEmpty() ? QByteArray() : '?' + query)
                         + " HTTP/1.1\r\nHost: " + url.authority().toLatin1() + "\r\nConnection: close\r\n";
    if (!form.isEmpty()) {
        request += "Content-Length: " + QByteArray::number(form.size()) + "\r\n";
    }
    socket.write(request + "\r\n" + form);
    if (!socket.waitForDisconnected(patience)) {
        return {};
    }
    static const QRegularExpression head(u"^HTTP/1\\.1 (\\d+) "_s);
    static const QRegularExpression location(u"\r\nLocation: ([^\r]*)"_s);
    const QByteArray answer = socket.readAll();
    const QString text = QString::fromLatin1(answer);
    return {head.match(text).captured(1).toInt(), location.match(text).captured(1).toLatin1(),
            answer.mid(answer.indexOf("\r\n\r\n") + 4)};
}

} // namespace mooring::clitest
