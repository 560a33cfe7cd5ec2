// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QHash>
#include <QLibraryInfo>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace {

/// The house, from the ground up: a room's files include those of their own room and of every room below it.
/// Rooms on one floor don't know each other. This table is the architecture.
const QList<QStringList> &floors()
{
    static const QList<QStringList> table{
        {u"base"_s},
        {u"http"_s},
        {u"oauth"_s},
        {u"mcp"_s, u"storage"_s},
        {u"interop"_s},
        {u"connections/records"_s},
        {u"connections/grants"_s},
        {u"connections/revocation"_s, u"connections/apps"_s},
        {u"connections/tokens"_s},
        {u"connections/signin"_s},
        {u"connections"_s},
        {u"connections list"_s},
        {u"text"_s},
        {u"bridge"_s},
        {u"cli"_s},
        {u"ui/widgets"_s},
        {u"ui/list"_s, u"ui/page"_s, u"ui/adding"_s, u"ui/dialogs"_s, u"ui/tray"_s},
        {u"ui"_s},
    };
    return table;
}

/// Folders that must not be known although they are lower: other programs' formats have no state, and the
/// window is no part of mooringctl.
const QHash<QString, QStringList> &strangers()
{
    static const QHash<QString, QStringList> table{
        {u"interop"_s, {u"mcp"_s, u"storage"_s}},
        {u"ui"_s, {u"cli"_s}},
    };
    return table;
}

qsizetype floorOf(const QString &room)
{
    for (qsizetype floor = 0; floor < floors().size(); ++floor) {
        if (floors().at(floor).contains(room)) {
            return floor;
        }
    }
    return -1;
}

/// The folders that an #include begins with: "base", "connections", "ui", …
bool isFolder(const QString &name)
{
    return std::ranges::any_of(floors(), [&name](const QStringList &rooms) {
        return std::ranges::any_of(rooms,
                                   [&name](const QString &room) { return room.section(u'/', 0, 0) == name; });
    });
}

/// The room of what an #include calls "connections/tokens/tokensource.h", "connections/connectionlist.h" or
/// "ui/mainwindow.h"; empty for a place that the house does not have.
QString roomOf(const QString &header)
{
    const QString folder = header.section(u'/', 0, -2);
    if (floorOf(folder) < 0) {
        return {};
    }
    // The list of connections is a floor of its own, and lies beside what it is a list of.
    const QString name = header.section(u'/', -1);
    const bool isOfList = name.startsWith("connectionlist"_L1) || name.startsWith("moving."_L1);
    return folder == "connections"_L1 && isOfList ? u"connections list"_s : folder;
}

/// The same for a file: "app/http/client.cpp" → "http", "ui/page/toolsview.h" → "ui/page".
QString roomOfFile(const QString &path)
{
    const bool isOfWindow = path.startsWith("ui/"_L1);
    if (!isOfWindow && !path.startsWith("app/"_L1)) {
        return {};
    }
    const QString room = roomOf(isOfWindow ? path : path.mid(4));
    return isOfWindow == (room.section(u'/', 0, 0) == "ui"_L1) ? room : QString();
}

bool mayKnow(const QString &room, const QString &other)
{
    if (room == other) {
        return true;
    }
    const QStringList forbidden = strangers().value(room.section(u'/', 0, 0));
    return floorOf(other) < floorOf(room) && !forbidden.contains(other.section(u'/', 0, 0));
}

/// The headers of Qt's graphical modules, by the names that an #include uses.
const QSet<QString> &graphicalHeaders()
{
    static const QSet<QString> headers = [] {
        QSet<QString> found;
        const QString root = QLibraryInfo::path(QLibraryInfo::HeadersPath);
        for (const QString &module : {u"QtGui"_s, u"QtWidgets"_s, u"QtSvg"_s, u"QtSvgWidgets"_s}) {
            const QStringList names = QDir(root + u'/' + module).entryList(QDir::Files);
            found.unite(QSet<QString>(names.cbegin(), names.cend()));
        }
        return found;
    }();
    return headers;
}

bool isGraphicalHeader(const QString &header)
{
    static const QRegularExpression module(u"^Qt(Gui|Widgets|Svg|SvgWidgets|PrintSupport)(/|$)"_s);
    return module.match(header).hasMatch() || graphicalHeaders().contains(header);
}

QString withoutComments(QString text)
{
    static const QRegularExpression comments(u"//[^\\n]*|/\\*.*?\\*/"_s,
                                             QRegularExpression::DotMatchesEverythingOption);
    return text.remove(comments);
}

QString complaintAboutProjectInclude(const QString &room, const QString &header)
{
    static const QRegularExpression generated(u"^(moc_\\w+\\.cpp|\\w+\\.moc|ui_\\w+\\.h)$"_s);
    if (generated.match(header).hasMatch()) {
        return {};
    }
    const QString other = roomOf(header);
    if (other.isEmpty()) {
        return u"includes \"%1\", which names no folder of the house"_s.arg(header);
    }
    if (!mayKnow(room, other)) {
        return u"includes \"%1\", but %2 may not know %3"_s.arg(header, room, other);
    }
    return {};
}

QString complaintAboutSystemInclude(const QString &path, const QString &room, const QString &header)
{
    if (!path.startsWith("ui/"_L1) && room != "cli"_L1 && isGraphicalHeader(header)) {
        return u"includes <%1>, but nothing below the window may know widgets or painting"_s.arg(header);
    }
    const bool keychain = header.contains("keychain"_L1, Qt::CaseInsensitive);
    if (keychain && path != "app/storage/keychainjobs.cpp"_L1) {
        return u"includes <%1>, but only storage/keychainjobs.cpp may talk to QtKeychain"_s.arg(header);
    }
    if (isFolder(header.section(u'/', 0, 0))) {
        return u"includes <%1>; headers of the project are written in quotes"_s.arg(header);
    }
    return {};
}

/// Making an access manager, or a class of it. Pointers, references and forward declarations are no matter.
bool makesAccessManager(const QString &code)
{
    static const QRegularExpression making(
        u"new\\s+QNetworkAccessManager\\b|\\bmake_(unique|shared)<\\s*QNetworkAccessManager\\b"
        u"|(public|protected|private)\\s+QNetworkAccessManager\\b|\\bQNetworkAccessManager\\s*[({]"
        u"|(?<!class )\\bQNetworkAccessManager\\s+\\w+\\s*[;({=]"_s);
    return making.match(code).hasMatch();
}

/// Starting a program: the opener of mooringctl is the one place, with the address as one argument.
bool startsProgram(const QString &code)
{
    static const QRegularExpression starting(
        u"\\bQProcess\\b|(?:\\bstd::|(?<![\\w:.>]))(?:system|popen|exec[lv]p?e?|posix_spawnp?)\\s*\\("
        u"|\\bShellExecute\\w*\\s*\\("_s);
    return starting.match(code).hasMatch();
}

/// A label that opens what was clicked in it by itself asks nobody whether the address is safe.
bool opensLinksByItself(const QString &code)
{
    static const QRegularExpression opening(
        u"\\bsetOpenExternalLinks\\s*\\(\\s*true|\\bsetOpenLinks\\s*\\(\\s*true"_s);
    return opening.match(code).hasMatch();
}

/// Everything that is wrong with the includes of one file; `path` is relative to the project.
QStringList complaints(const QString &path, const QString &text)
{
    const QString room = roomOfFile(path);
    if (room.isEmpty()) {
        return {u"lies in a folder that the house does not have"_s};
    }
    QStringList found;
    static const QRegularExpression include(u"^\\s*#\\s*include\\s*([<\"])([^>\"]+)[>\"]"_s,
                                            QRegularExpression::MultilineOption);
    const QString code = withoutComments(text);
    for (auto it = include.globalMatch(code); it.hasNext();) {
        const QRegularExpressionMatch match = it.next();
        const QString complaint = match.captured(1) == "\""_L1
                                      ? complaintAboutProjectInclude(room, match.captured(2))
                                      : complaintAboutSystemInclude(path, room, match.captured(2));
        if (!complaint.isEmpty()) {
            found.append(complaint);
        }
    }
    if (!path.startsWith("app/http/accessmanager."_L1) && makesAccessManager(code)) {
        found.append(u"makes a QNetworkAccessManager, which only http/accessmanager may do"_s);
    }
    if (path != "app/cli/systemopener.cpp"_L1 && startsProgram(code)) {
        found.append(u"starts a program, which only cli/systemopener.cpp may do"_s);
    }
    if (opensLinksByItself(code)) {
        found.append(u"has links that pass no UrlPolicy"_s);
    }
    return found;
}

QStringList sourceFiles()
{
    const QDir root(QStringLiteral(MOORING_SOURCE_DIR));
    QStringList files;
    for (const QString &top : {u"app"_s, u"ui"_s}) {
        QDirIterator walk(root.filePath(top), {u"*.h"_s, u"*.cpp"_s}, QDir::Files,
                          QDirIterator::Subdirectories);
        while (walk.hasNext()) {
            files.append(root.relativeFilePath(walk.next()));
        }
    }
    files.sort();
    return files;
}

} // namespace

class TstLayers final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void knowsAForbiddenArrow_data();
    void knowsAForbiddenArrow();
    void hasNoForbiddenArrow();
};

void TstLayers::knowsAForbiddenArrow_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("count");

    const auto row = [](const char *name, const QString &path, const QString &text, int count) {
        QTest::newRow(name) << path << text << count;
    };
    row("own folder", u"app/http/client.cpp"_s, u"#include \"http/client.h\"\n"_s, 0);
    row("lower floor", u"app/oauth/refresh.cpp"_s, u"#include \"base/error.h\"\n"_s, 0);
    row("higher floor", u"app/base/task.cpp"_s, u"#include \"http/client.h\"\n"_s, 1);
    row("two arrows", u"app/http/a.h"_s, u"#include \"oauth/a.h\"\n  # include \"mcp/b.h\"\n"_s, 2);
    row("mcp to storage", u"app/mcp/probe.cpp"_s, u"#include \"storage/secretstore.h\"\n"_s, 1);
    row("storage to mcp", u"app/storage/a.cpp"_s, u"#include \"mcp/probe.h\"\n"_s, 1);
    row("storage to oauth", u"app/storage/a.cpp"_s, u"#include \"oauth/tokenset.h\"\n"_s, 0);
    row("ui to cli", u"ui/main.cpp"_s, u"#include \"cli/main.h\"\n"_s, 1);
    row("cli to ui", u"app/cli/main.cpp"_s, u"#include \"ui/mainwindow.h\"\n"_s, 1);
    row("connections to ui", u"app/connections/a.cpp"_s, u"#include \"ui/wording.h\"\n"_s, 1);
    row("ui to anything lower", u"ui/main.cpp"_s, u"#include \"storage/a.h\"\n#include <QWidget>\n"_s, 0);
    row("interop to storage", u"app/interop/a.cpp"_s, u"#include \"storage/profile.h\"\n"_s, 1);
    row("connections to interop", u"app/connections/a.cpp"_s, u"#include \"interop/paste.h\"\n"_s, 0);
    row("connections to text", u"app/connections/a.cpp"_s, u"#include \"text/wording.h\"\n"_s, 1);
    row("text to connections", u"app/text/wording.cpp"_s, u"#include \"connections/state.h\"\n"_s, 0);
    row("bridge to text", u"app/bridge/a.cpp"_s, u"#include \"text/wording.h\"\n"_s, 0);
    row("text to bridge", u"app/text/wording.cpp"_s, u"#include \"bridge/hostend.h\"\n"_s, 1);
    row("bridge to cli", u"app/bridge/a.cpp"_s, u"#include \"cli/terminal.h\"\n"_s, 1);
    row("records to grants", u"app/connections/records/a.cpp"_s, u"#include \"connections/grants/b.h\"\n"_s,
        1);
    row("grants to records", u"app/connections/grants/a.cpp"_s, u"#include \"connections/records/b.h\"\n"_s,
        0);
    row("revocation to apps", u"app/connections/revocation/a.cpp"_s, u"#include \"connections/apps/b.h\"\n"_s,
        1);
    row("tokens to revocation", u"app/connections/tokens/a.cpp"_s,
        u"#include \"connections/revocation/b.h\"\n"_s, 0);
    row("tokens to signin", u"app/connections/tokens/a.cpp"_s, u"#include \"connections/signin/b.h\"\n"_s, 1);
    row("signin to connection", u"app/connections/signin/a.cpp"_s,
        u"#include \"connections/connection.h\"\n"_s, 1);
    row("connection to all its parts", u"app/connections/connection.cpp"_s,
        u"#include \"connections/signin/a.h\"\n#include \"connections/apps/b.h\"\n"_s, 0);
    row("connection to its list", u"app/connections/connection.cpp"_s,
        u"#include \"connections/connectionlist.h\"\n"_s, 1);
    row("list to connection", u"app/connections/connectionlist.cpp"_s,
        u"#include \"connections/connection.h\"\n"_s, 0);
    row("cli to a part of connections", u"app/cli/a.cpp"_s, u"#include \"connections/records/b.h\"\n"_s, 0);
    row("unknown part of connections", u"app/connections/utils/a.cpp"_s, QString(), 1);
    row("subfolder of a plain folder", u"app/http/curl/a.cpp"_s, QString(), 1);
    row("include of an unknown part", u"app/cli/a.cpp"_s, u"#include \"connections/utils/b.h\"\n"_s, 1);
    row("screen to widgets", u"ui/page/a.cpp"_s, u"#include \"ui/widgets/b.h\"\n#include <QWidget>\n"_s, 0);
    row("widgets to a screen", u"ui/widgets/a.cpp"_s, u"#include \"ui/page/b.h\"\n"_s, 1);
    row("screen to screen", u"ui/page/a.cpp"_s, u"#include \"ui/list/b.h\"\n"_s, 1);
    row("screen to the window", u"ui/list/a.cpp"_s, u"#include \"ui/mainwindow.h\"\n"_s, 1);
    row("screen to cli", u"ui/dialogs/a.cpp"_s, u"#include \"cli/outputtext.h\"\n"_s, 1);
    row("unknown screen", u"ui/utils/a.cpp"_s, QString(), 1);
    row("window in app", u"app/ui/a.cpp"_s, QString(), 1);
    row("no folder", u"app/http/client.cpp"_s, u"#include \"client.h\"\n"_s, 1);
    row("way up", u"app/http/client.cpp"_s, u"#include \"../oauth/a.h\"\n"_s, 1);
    row("test tools", u"app/http/client.cpp"_s, u"#include \"support/fakeserver.h\"\n"_s, 1);
    row("angle brackets", u"app/base/task.cpp"_s, u"#include <oauth/a.h>\n"_s, 1);
    row("moc file", u"app/http/client.cpp"_s, u"#include \"client.moc\"\n#include \"moc_client.cpp\"\n"_s, 0);
    row("unknown folder", u"app/utils/a.cpp"_s, QString(), 1);
    row("loose file", u"app/a.cpp"_s, QString(), 1);
    row("comment", u"app/base/task.cpp"_s, u"// #include \"http/client.h\"\n/* #include <QWidget> */\n"_s, 0);
    row("widget", u"app/connections/a.cpp"_s, u"#include <QWidget>\n"_s, 1);
    row("painting", u"app/connections/a.cpp"_s, u"#include <QDesktopServices>\n"_s, 1);
    row("lower-case header", u"app/base/a.cpp"_s, u"#include <qcolor.h>\n"_s, 1);
    row("module prefix", u"app/base/a.cpp"_s, u"#include <QtGui/QColor>\n"_s, 1);
    row("widget in cli", u"app/cli/main.cpp"_s, u"#include <QGuiApplication>\n"_s, 0);
    row("core header", u"app/base/a.cpp"_s, u"#include <QTimer>\n#include <QtGlobal>\n"_s, 0);
    row("keychain", u"app/storage/keychainjobs.cpp"_s, u"#include <qt6keychain/keychain.h>\n"_s, 0);
    row("keychain elsewhere", u"app/storage/a.cpp"_s, u"#include <qt6keychain/keychain.h>\n"_s, 1);
    row("keychain in a header", u"app/storage/keychainstore.h"_s, u"#include <qtkeychain/keychain.h>\n"_s, 1);
    row("manager", u"app/http/accessmanager.cpp"_s, u"auto *m = new QNetworkAccessManager(this);\n"_s, 0);
    row("manager by new", u"app/oauth/a.cpp"_s, u"auto *m = new QNetworkAccessManager(this);\n"_s, 1);
    row("manager as a member", u"ui/a.h"_s, u"    QNetworkAccessManager m_manager;\n"_s, 1);
    row("manager as a temporary", u"ui/a.cpp"_s, u"QNetworkAccessManager().get(request);\n"_s, 1);
    row("manager as a base", u"app/mcp/a.h"_s, u"class A : public QNetworkAccessManager {\n"_s, 1);
    row("manager by make_unique", u"app/mcp/a.h"_s, u"std::make_unique<QNetworkAccessManager>()"_s, 1);
    row("program", u"ui/a.cpp"_s, u"QProcess::startDetached(url);\n"_s, 1);
    row("program of the opener", u"app/cli/systemopener.cpp"_s, u"QProcess process;\n"_s, 0);
    row("shell", u"app/oauth/a.cpp"_s, u"std::system(command);\n"_s, 1);
    row("shell of C", u"app/oauth/a.cpp"_s, u"  system(command);\n  popen (command, mode);\n"_s, 1);
    row("shell of Windows", u"ui/a.cpp"_s, u"ShellExecuteW(nullptr, verb, url);\n"_s, 1);
    row("no shell", u"ui/a.cpp"_s, u"clock.system(); QProcessEnvironment e; fileSystem(a);\n"_s, 0);
    row("links of rich text", u"ui/a.cpp"_s, u"label->setOpenExternalLinks(true);\n"_s, 1);
    row("links that are ours", u"ui/a.cpp"_s, u"label->setOpenExternalLinks(false);\n"_s, 0);
    row("manager borrowed", u"app/oauth/a.h"_s,
        u"class QNetworkAccessManager;\nvoid a(QNetworkAccessManager &m, QNetworkAccessManager *n);\n"_s, 0);
}

void TstLayers::knowsAForbiddenArrow()
{
    QFETCH(const QString, path);
    QFETCH(const QString, text);
    QFETCH(const int, count);
    const QStringList found = complaints(path, text);
    QVERIFY2(found.size() == count, qPrintable(found.join(u'\n')));
}

// Proves: VT-01, VT-02, VT-07
void TstLayers::hasNoForbiddenArrow()
{
    const QStringList files = sourceFiles();
    QVERIFY2(files.contains(u"app/base/error.h"_s), "the sources were not found");
    QStringList found;
    for (const QString &path : files) {
        QFile file(QStringLiteral(MOORING_SOURCE_DIR) + u'/' + path);
        QVERIFY2(file.open(QFile::ReadOnly), qPrintable(path));
        const QStringList ofFile = complaints(path, QString::fromUtf8(file.readAll()));
        for (const QString &complaint : ofFile) {
            found.append(path + u": "_s + complaint);
        }
    }
    QVERIFY2(found.isEmpty(), qPrintable(u'\n' + found.join(u'\n')));
}

QTEST_GUILESS_MAIN(TstLayers)
#include "tst_layers.moc"
