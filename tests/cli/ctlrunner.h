// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QUrl>

#include <functional>
#include <memory>

namespace mooring::clitest {

/// mooring-demo as a process, on free ports, until this object dies.
class DemoServers final {
public:
    bool start();
    /// "Open", "Protected", "NoRegistration", "ApiKey".
    QString url(const QString &name) const { return m_urls.value(name); }
    /// The whole line that the demo says about a server.
    QString hint(const QString &name) const { return m_hints.value(name); }
    ~DemoServers();

private:
    QProcess m_process;
    QHash<QString, QString> m_urls;
    QHash<QString, QString> m_hints;
};

struct Run {
    int exitCode = -1;
    QByteArray out;
    QByteArray err;

    /// Standard output, if it is exactly one line with one JSON object; empty otherwise.
    QJsonObject json() const;
};

/// Runs mooringctl with a data folder and a PATH of its own. On that PATH, xdg-open is mooring-demo
/// in the place of a person.
class CtlRunner final {
public:
    CtlRunner();

    enum class Person { Allows, Denies, HasNoBrowser };
    void setPerson(Person person);
    void setEnvironment(const QString &name, const QString &value) { m_environment.insert(name, value); }
    /// Another mooringctl than the one that was built with this.
    void setProgram(const QString &path) { m_program = path; }

    Run run(const QStringList &words, const QByteArray &input = {});
    /// Runs with --json. Anything but exit code 0 and one JSON object fails the test.
    QJsonObject ok(const QStringList &words, const QByteArray &input = {});
    void add(const QString &url, const QString &name)
    {
        ok({QStringLiteral("add"), url, QStringLiteral("--name"), name});
    }
    /// Started, with standard input still open, or with this file as standard input.
    std::unique_ptr<QProcess> start(const QStringList &words, int input = -1);
    /// Started when the child process has done that to itself.
    std::unique_ptr<QProcess> startWith(std::function<void()> inChild, const QStringList &words);
    /// The same with this terminal as standard input, output and error.
    std::unique_ptr<QProcess> startAt(int terminal, const QStringList &words);
    /// The end of a process that start() has made.
    static Run finish(QProcess *process);

    /// The folder of the default profile.
    QString folder() const { return m_data.path() + QStringLiteral("/mooring"); }
    /// Files below the data folder that hold these bytes, or their base64 form.
    QStringList filesWith(const QByteArray &canary) const;

private:
    QTemporaryDir m_data;
    QTemporaryDir m_programs;
    QProcessEnvironment m_environment;
    QString m_program;
};

struct Page {
    int status = 0;
    QByteArray location;
    QByteArray body;
};
/// One request to this computer; with a form it is a POST. Waits for the answer.
Page exchange(const QUrl &url, const QByteArray &form = {});

} // namespace mooring::clitest
