// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "keychains/keepassxckeychain.h"

#include "keychains/gnomekeychain.h"
#include "keychains/screen.h"
#include "keychains/secretlisting.h"
#include "support/standstill.h"

#include <QDir>
#include <QFile>
#include <QXmlStreamReader>

namespace mooring::keychains {

using namespace Qt::StringLiterals;

namespace {

constexpr int patience = 20'000;
constexpr std::chrono::seconds untilSaved(2);
/// Its own pause between a change and saving is 150: milliseconds.
constexpr qint64 quiet = 500;
const auto windowName = u"org.keepassxc.KeePassXC.MainWindow"_s;
const auto people = u"people"_s;
const auto nobody = u"nobody"_s;
constexpr auto password = "only-for-tests";

QByteArray run(const QStringList &words, const QByteArray &input)
{
    QProcess process;
    process.start(u"keepassxc-cli"_s, words);
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished(patience) || process.exitCode() != 0) {
        qFatal("keepassxc-cli %s: %s", qPrintable(words.join(u' ')),
               process.readAllStandardError().constData());
    }
    return process.readAllStandardOutput();
}

void askWindow(const QString &method, const QVariantList &arguments = {})
{
    ask(windowName, u"/keepassxc"_s, windowName, method, arguments);
}

/// KeePassXC is on the bus before it has opened the database.
void awaitUnlocked()
{
    const auto isOpen = [] { return !isDefaultCollectionLocked(); };
    if (!support::comesTrue(isOpen, std::chrono::milliseconds(patience))) {
        qFatal("KeePassXC doesn't open its database");
    }
}

void save(const QString &path, const QByteArray &text)
{
    QFile file(path);
    if (!QDir().mkpath(QFileInfo(path).path()) || !file.open(QFile::WriteOnly) || file.write(text) < 0) {
        qFatal("%s can't be written", qPrintable(path));
    }
}

/// An empty database; with a group for other programs if it is shown to them.
QByteArray emptyDatabase(const QString &name, bool isShown)
{
    const QByteArray exposed =
        isShown ? "<CustomData><Item><Key>FDO_SECRETS_EXPOSED_GROUP</Key>"
                  "<Value>{11111111-1111-1111-1111-111111111111}</Value></Item></CustomData>"
                : "";
    return R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?><KeePassFile><Meta>)"
           "<Generator>Mooring's tests</Generator><RecycleBinEnabled>True</RecycleBinEnabled><DatabaseName>"
           + name.toUtf8() + "</DatabaseName>" + exposed
           + "</Meta><Root><Group><UUID>EREREREREREREREREREREQ==</UUID><Name>Root</Name></Group></Root>"
             "</KeePassFile>";
}

struct Entry {
    QHash<QString, QString> texts;
    QString group;
};

/// All entries, with their texts and the name of the group that they are in; without their history.
QList<Entry> entriesOf(const QByteArray &xml)
{
    QList<Entry> entries;
    QStringList groups;
    QString key;
    int history = 0;
    QXmlStreamReader reader(xml);
    while (!reader.atEnd()) {
        const QXmlStreamReader::TokenType token = reader.readNext();
        const QString name = reader.name().toString();
        if (token == QXmlStreamReader::EndElement) {
            history -= name == "History"_L1 ? 1 : 0;
            if (name == "Group"_L1) {
                groups.removeLast();
            }
        }
        if (token != QXmlStreamReader::StartElement) {
            continue;
        }
        history += name == "History"_L1 ? 1 : 0;
        if (name == "Group"_L1) {
            groups.append(QString());
        } else if (name == "Name"_L1 && !groups.isEmpty()) {
            groups.last() = reader.readElementText();
        } else if (history == 0 && name == "Entry"_L1) {
            entries.append({{}, groups.value(groups.size() - 1)});
        } else if (history == 0 && name == "Key"_L1) {
            key = reader.readElementText();
        } else if (history == 0 && name == "Value"_L1 && !entries.isEmpty()) {
            entries.last().texts.insert(key, reader.readElementText());
        }
    }
    return entries;
}

} // namespace

KeePassXcKeychain::KeePassXcKeychain(Access access)
    : m_access(access)
{
    // One instance for each folder of temporary files.
    QDir().mkpath(folder() + u"/tmp"_s);
    m_program.setEnvironment(u"TMPDIR"_s, folder() + u"/tmp"_s);
    m_program.setEnvironment(u"XDG_CONFIG_HOME"_s, folder() + u"/config"_s);
    if (!QFile::exists(folder() + u'/' + people + u".kdbx"_s)) {
        makeDatabases();
    }
}

KeePassXcKeychain::~KeePassXcKeychain() = default;

QString KeePassXcKeychain::id() const
{
    return m_access == Access::IsAsked ? u"keepassxc"_s : u"keepassxc-free"_s;
}

QString KeePassXcKeychain::folder() const
{
    return qEnvironmentVariable("HOME") + u"/keepassxc"_s;
}

void KeePassXcKeychain::makeDatabases() const
{
    makeDatabase(people, true);
    makeDatabase(nobody, false);
}

void KeePassXcKeychain::makeDatabase(const QString &name, bool isShown) const
{
    const QString xml = folder() + u'/' + name + u".xml"_s;
    const QString database = folder() + u'/' + name + u".kdbx"_s;
    QFile::remove(database);
    const QByteArray twice = password + QByteArray("\n") + password + "\n";
    save(xml, emptyDatabase(name, isShown));
    run({u"import"_s, u"-p"_s, u"-t"_s, u"100"_s, xml, database}, twice);
}

void KeePassXcKeychain::configure(bool isEnabled) const
{
    QByteArray settings = "[General]\nConfigVersion=2\nUpdateCheckMessageShown=true\n[GUI]\n"
                          "CheckForUpdates=false\n[FdoSecrets]\nShowNotification=false\nEnabled=";
    settings += isEnabled ? "true\n" : "false\n";
    if (m_access == Access::IsFree) {
        settings += "ConfirmAccessItem=false\nConfirmDeleteItem=false\n";
    }
    save(folder() + u"/config/keepassxc/keepassxc.ini"_s, settings);
}

void KeePassXcKeychain::start(const QString &database)
{
    m_program.start(u"keepassxc"_s, {u"--pw-stdin"_s, folder() + u'/' + database + u".kdbx"_s},
                    password + QByteArray("\n"), windowName);
}

void KeePassXcKeychain::heal()
{
    end();
    configure(true);
    start(people);
    awaitOwner(secretsName, true);
    awaitUnlocked();
}

void KeePassXcKeychain::awaitSaved() const
{
    // What has been changed just now is saved by then, or was saved before.
    const QDateTime now = QDateTime::currentDateTime();
    const auto isQuiet = [this, &now] {
        const QDateTime saved = QFileInfo(folder() + u'/' + people + u".kdbx"_s).lastModified();
        return saved > now && saved.msecsTo(QDateTime::currentDateTime()) >= quiet;
    };
    support::comesTrue(isQuiet, std::chrono::milliseconds(untilSaved));
}

void KeePassXcKeychain::end()
{
    if (m_other) {
        m_other->end();
    }
    if (m_program.isRunning()) {
        if (hasOwner(secretsName)) {
            // Else it would throw away what it has not yet saved.
            awaitSaved();
            lock();
        }
        m_program.terminate();
        awaitOwner(windowName, false);
        awaitOwner(secretsName, false);
    }
}

void KeePassXcKeychain::empty()
{
    end();
    m_other.reset();
    makeDatabases();
}

void KeePassXcKeychain::kill()
{
    awaitSaved();
    m_program.kill();
    awaitOwner(windowName, false);
    awaitOwner(secretsName, false);
}

void KeePassXcKeychain::lock()
{
    // It doesn't lock while a window of it asks something.
    const auto isLocked = [this] {
        answer(false);
        askWindow(u"lockAllDatabases"_s);
        return isDefaultCollectionLocked();
    };
    support::comesTrue(isLocked, std::chrono::milliseconds(patience));
}

void KeePassXcKeychain::close()
{
    // Else it asks whether to save, and answers nobody meanwhile.
    awaitSaved();
    askWindow(u"closeAllDatabases"_s);
}

void KeePassXcKeychain::switchOff()
{
    end();
    configure(false);
    start(people);
}

void KeePassXcKeychain::loseDefault()
{
    end();
    start(nobody);
    awaitOwner(secretsName, true);
    // Until it is open, too: from outside, that looks the same.
    support::standStill(std::chrono::milliseconds(1500));
}

void KeePassXcKeychain::takeOver()
{
    kill();
    m_other = std::make_unique<GnomeKeychain>();
    m_other->heal();
}

void KeePassXcKeychain::answer(bool agrees)
{
    const QString window = Screen::windowNamed(u"Access Request|Delete|Unlock"_s);
    if (!window.isEmpty()) {
        Screen::press(window, agrees ? u"Return"_s : u"Escape"_s);
    }
}

QByteArray KeePassXcKeychain::content() const
{
    return run({u"export"_s, u"-f"_s, u"xml"_s, folder() + u'/' + people + u".kdbx"_s},
               password + QByteArray("\n"));
}

QStringList KeePassXcKeychain::items()
{
    // Not of its file: that is a moment behind.
    QStringList keys = keysInSecretService();
    if (m_other) {
        end();
        m_other->heal();
        const QStringList others = m_other->items();
        heal();
        if (others.isEmpty()) {
            m_other.reset();
        }
        keys += others;
    }
    return keys;
}

QString KeePassXcKeychain::listing()
{
    QString text = u"Entries of the database (group, title, user name; as KeePassXC shows them):\n"_s;
    const QList<Entry> entries = entriesOf(content());
    for (const Entry &entry : entries) {
        text += u"%1 / %2 / %3\n"_s.arg(entry.group, entry.texts.value(u"Title"_s),
                                        entry.texts.value(u"UserName"_s));
    }
    text += u"\nkeepassxc-cli ls --recursive people.kdbx:\n"_s;
    return text
           + QString::fromUtf8(run({u"ls"_s, u"--recursive"_s, folder() + u'/' + people + u".kdbx"_s},
                                   password + QByteArray("\n")));
}

} // namespace mooring::keychains
