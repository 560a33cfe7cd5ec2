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

using namespace Qt::StringLiterals;

namespace {

/// The house: each folder with the folders that its files may include. This table is the architecture.
const QHash<QString, QStringList> &allowedFolders()
{
    static const QHash<QString, QStringList> table{
        {u"base"_s, {u"base"_s}},
        {u"http"_s, {u"http"_s, u"base"_s}},
        {u"oauth"_s, {u"oauth"_s, u"http"_s, u"base"_s}},
        {u"mcp"_s, {u"mcp"_s, u"oauth"_s, u"http"_s, u"base"_s}},
        {u"storage"_s, {u"storage"_s, u"oauth"_s, u"http"_s, u"base"_s}},
        {u"interop"_s, {u"interop"_s, u"oauth"_s, u"http"_s, u"base"_s}},
        {u"connections"_s,
         {u"connections"_s, u"interop"_s, u"mcp"_s, u"storage"_s, u"oauth"_s, u"http"_s, u"base"_s}},
        {u"text"_s,
         {u"text"_s, u"connections"_s, u"interop"_s, u"mcp"_s, u"storage"_s, u"oauth"_s, u"http"_s,
          u"base"_s}},
        {u"cli"_s,
         {u"cli"_s, u"text"_s, u"connections"_s, u"interop"_s, u"mcp"_s, u"storage"_s, u"oauth"_s, u"http"_s,
          u"base"_s}},
        {u"ui"_s,
         {u"ui"_s, u"text"_s, u"connections"_s, u"interop"_s, u"mcp"_s, u"storage"_s, u"oauth"_s, u"http"_s,
          u"base"_s}},
    };
    return table;
}

/// "app/http/client.cpp" → "http", "ui/mainwindow.cpp" → "ui"; empty for a place that the house does not
/// have.
QString folderOf(const QString &path)
{
    const QStringList parts = path.split(u'/');
    const QString folder = parts.first() == "app"_L1 && parts.size() == 3  ? parts.at(1)
                           : parts.first() == "ui"_L1 && parts.size() >= 2 ? parts.at(0)
                                                                           : QString();
    return allowedFolders().contains(folder) && (folder == "ui"_L1) == (parts.first() == "ui"_L1) ? folder
                                                                                                  : QString();
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

QString complaintAboutProjectInclude(const QString &folder, const QString &header)
{
    static const QRegularExpression generated(u"^(moc_\\w+\\.cpp|\\w+\\.moc|ui_\\w+\\.h)$"_s);
    if (generated.match(header).hasMatch()) {
        return {};
    }
    const QString target = header.section(u'/', 0, 0);
    if (!header.contains(u'/') || !allowedFolders().contains(target)) {
        return u"includes \"%1\", which names no folder of the house"_s.arg(header);
    }
    if (!allowedFolders().value(folder).contains(target)) {
        return u"includes \"%1\", but %2 may not know %3"_s.arg(header, folder, target);
    }
    return {};
}

QString complaintAboutSystemInclude(const QString &path, const QString &folder, const QString &header)
{
    if (folder != "ui"_L1 && folder != "cli"_L1 && isGraphicalHeader(header)) {
        return u"includes <%1>, but nothing below the window may know widgets or painting"_s.arg(header);
    }
    const bool keychain = header.contains("keychain"_L1, Qt::CaseInsensitive);
    if (keychain && path != "app/storage/keychainjobs.cpp"_L1) {
        return u"includes <%1>, but only storage/keychainjobs.cpp may talk to QtKeychain"_s.arg(header);
    }
    if (allowedFolders().contains(header.section(u'/', 0, 0))) {
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
    const QString folder = folderOf(path);
    if (folder.isEmpty()) {
        return {u"lies in a folder that the house does not have"_s};
    }
    QStringList found;
    static const QRegularExpression include(u"^\\s*#\\s*include\\s*([<\"])([^>\"]+)[>\"]"_s,
                                            QRegularExpression::MultilineOption);
    const QString code = withoutComments(text);
    for (auto it = include.globalMatch(code); it.hasNext();) {
        const QRegularExpressionMatch match = it.next();
        const QString complaint = match.captured(1) == "\""_L1
                                      ? complaintAboutProjectInclude(folder, match.captured(2))
                                      : complaintAboutSystemInclude(path, folder, match.captured(2));
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
