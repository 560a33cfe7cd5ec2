// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Every sentence can be translated: what the sources hand to Words::tr() is what lupdate finds, in one
// context, and each plural has its English forms.
#include "base/pseudotranslator.h"
#include "base/words.h"

#include <QDirIterator>
#include <QProcess>
#include <QRegularExpression>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

using namespace Qt::StringLiterals;
using namespace mooring;

namespace {

struct Catalogue {
    QSet<QString> contexts;
    QSet<QString> sentences;
    QSet<QString> plurals;
    /// Of those, with two forms that say something.
    QSet<QString> completePlurals;
};

void readMessage(QXmlStreamReader *xml, Catalogue *catalogue)
{
    const bool isPlural = xml->attributes().value("numerus"_L1) == "yes"_L1;
    QString source;
    int forms = 0;
    while (xml->readNextStartElement()) {
        if (xml->name() == "source"_L1) {
            source = xml->readElementText();
        } else if (xml->name() == "translation"_L1 && isPlural) {
            while (xml->readNextStartElement()) {
                forms += xml->readElementText().isEmpty() ? 0 : 1;
            }
        } else {
            xml->skipCurrentElement();
        }
    }
    catalogue->sentences.insert(source);
    if (isPlural) {
        catalogue->plurals.insert(source);
    }
    if (forms == 2) {
        catalogue->completePlurals.insert(source);
    }
}

Catalogue readCatalogue(const QString &path)
{
    Catalogue catalogue;
    QFile file(path);
    if (!file.open(QFile::ReadOnly)) {
        return catalogue;
    }
    QXmlStreamReader xml(&file);
    while (!xml.atEnd()) {
        xml.readNext();
        if (!xml.isStartElement()) {
            continue;
        }
        if (xml.name() == "name"_L1) {
            catalogue.contexts.insert(xml.readElementText());
        } else if (xml.name() == "message"_L1) {
            readMessage(&xml, &catalogue);
        }
    }
    return catalogue;
}

/// The text of the string literals that stand one after the other from `at` on.
QString literalAt(const QString &source, qsizetype at)
{
    static const QRegularExpression literal(u"\\G\\s*\"((?:[^\"\\\\\\n]|\\\\.)*)\""_s);
    QString text;
    for (QRegularExpressionMatch match = literal.match(source, at); match.hasMatch();
         match = literal.match(source, match.capturedEnd())) {
        text += match.captured(1);
    }
    text.replace(u"\\\""_s, u"\""_s).replace(u"\\n"_s, u"\n"_s).replace(u"\\\\"_s, u"\\"_s);
    return text;
}

/// Of one file, with each call on one line.
QString sourceOf(QFile *file)
{
    static const QRegularExpression broken(u"Words::\\s+tr\\("_s);
    return QString::fromUtf8(file->readAll()).replace(broken, u"Words::tr("_s);
}

/// What the sources hand to Words::tr(), and in `odd` the calls without a literal, which nobody can find.
QSet<QString> sentencesInSources(QStringList *odd)
{
    QSet<QString> sentences;
    const QString call = u"Words::tr("_s;
    for (const QString &folder : {u"/app"_s, u"/ui"_s}) {
        QDirIterator files(QStringLiteral(MOORING_SOURCE_DIR) + folder, {u"*.cpp"_s, u"*.h"_s}, QDir::Files,
                           QDirIterator::Subdirectories);
        while (files.hasNext()) {
            QFile file(files.next());
            if (!file.open(QFile::ReadOnly) || file.fileName().endsWith("/words.h"_L1)) {
                continue;
            }
            const QString source = sourceOf(&file);
            for (qsizetype at = source.indexOf(call); at >= 0; at = source.indexOf(call, at + 1)) {
                const QString sentence = literalAt(source, at + call.size());
                if (sentence.isEmpty()) {
                    odd->append(file.fileName());
                }
                sentences.insert(sentence);
            }
        }
    }
    return sentences;
}

} // namespace

class TestTranslations final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void lupdateSeesEverySentence();
    void nothingIsTranslatedInAnotherWay();
    void pluralsHaveTheirEnglishForms();
    void pseudoLanguage_data();
    void pseudoLanguage();

private:
    QTemporaryDir m_folder;
    Catalogue m_found;
    QString m_said;
};

void TestTranslations::initTestCase()
{
    const QString path = m_folder.filePath(u"found.ts"_s);
    const QString root = QStringLiteral(MOORING_SOURCE_DIR);
    QProcess lupdate;
    lupdate.setProcessChannelMode(QProcess::MergedChannels);
    lupdate.start(QStringLiteral(MOORING_LUPDATE), {root + u"/app"_s, root + u"/ui"_s, u"-I"_s,
                                                    root + u"/app"_s, u"-I"_s, root, u"-ts"_s, path});
    QVERIFY(lupdate.waitForFinished(120'000));
    m_said = QString::fromUtf8(lupdate.readAll());
    QCOMPARE(lupdate.exitCode(), 0);
    m_found = readCatalogue(path);
    QVERIFY(m_found.sentences.size() > 500);
}

void TestTranslations::lupdateSeesEverySentence()
{
    QStringList odd;
    const QSet<QString> inSources = sentencesInSources(&odd);
    QCOMPARE(odd, QStringList());
    QCOMPARE((inSources - m_found.sentences).values(), QStringList());
    QCOMPARE((m_found.sentences - inSources).values(), QStringList());
    QCOMPARE(m_found.contexts, QSet<QString>{u"Words"_s});
    QVERIFY2(!m_said.contains("warning"_L1, Qt::CaseInsensitive) && !m_said.contains("cannot be called"_L1),
             qPrintable(m_said));
    qInfo("figure: sentences for translators: %d, unseen 0, in another context 0, plurals %d",
          static_cast<int>(m_found.sentences.size()), static_cast<int>(m_found.plurals.size()));
}

/// lupdate reads these, too, but the programs look in one context only.
void TestTranslations::nothingIsTranslatedInAnotherWay()
{
    static const QRegularExpression other(
        u"(?<![\\w:])tr\\(\"|QCoreApplication::translate\\(|QObject::tr\\(|QT_TR(?:ANSLATE)?_NOOP"_s);
    QStringList found;
    for (const QString &folder : {u"/app"_s, u"/ui"_s}) {
        QDirIterator files(QStringLiteral(MOORING_SOURCE_DIR) + folder, {u"*.cpp"_s, u"*.h"_s}, QDir::Files,
                           QDirIterator::Subdirectories);
        while (files.hasNext()) {
            QFile file(files.next());
            QVERIFY(file.open(QFile::ReadOnly));
            if (other.match(sourceOf(&file)).hasMatch()) {
                found.append(file.fileName());
            }
        }
    }
    QCOMPARE(found, QStringList());
}

void TestTranslations::pluralsHaveTheirEnglishForms()
{
    const Catalogue english =
        readCatalogue(QStringLiteral(MOORING_SOURCE_DIR "/resources/translations/mooring_en.ts"));
    QCOMPARE((m_found.plurals - english.completePlurals).values(), QStringList());
    QCOMPARE((english.sentences - m_found.sentences).values(), QStringList());
    QCOMPARE(english.contexts, QSet<QString>{u"Words"_s});
    for (const QString &sentence : std::as_const(m_found.sentences)) {
        QVERIFY2(!sentence.contains("%n"_L1) || m_found.plurals.contains(sentence), qPrintable(sentence));
    }
}

void TestTranslations::pseudoLanguage_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("pseudo");
    QTest::newRow("words") << QByteArray("Add") << u"[Ȧḓḓ ··]"_s;
    QTest::newRow("a place for a value") << QByteArray("%1: %2") << u"[%1: %2 ···]"_s;
    QTest::newRow("a number") << QByteArray("%n a") << u"[%n ȧ ··]"_s;
    QTest::newRow("a tag") << QByteArray("<b>a</b>") << u"[<b>ȧ</b> ···]"_s;
    QTest::newRow("percent") << QByteArray("5 %") << u"[5 % ··]"_s;
}

void TestTranslations::pseudoLanguage()
{
    QFETCH(QByteArray, text);
    const base::PseudoTranslator translator;
    QTEST(translator.translate("Words", text.constData(), nullptr, -1), "pseudo");
    QVERIFY(translator.translate("QDialogButtonBox", text.constData(), nullptr, -1).isNull());
}

QTEST_GUILESS_MAIN(TestTranslations)
#include "tst_translations.moc"
