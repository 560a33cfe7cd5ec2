// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/hostiletexts.h"

#include <QHash>

namespace mooring::support {

using namespace Qt::StringLiterals;

namespace {

constexpr int mostMarks = 4;

void add(QList<HostileText> *all, const QByteArray &kind, const QStringList &texts)
{
    int number = 0;
    for (const QString &text : texts) {
        all->append({kind + ' ' + QByteArray::number(++number), text});
    }
}

/// FILE stands for the path of the file.
QStringList markup()
{
    return {
        u"<b>bold</b>"_s,
        u"<h1>Mooring</h1><p>Your session has ended.</p>"_s,
        u"<html><body bgcolor=red>x</body></html>"_s,
        u"<qt>rich <i>text</i></qt>"_s,
        u"<!DOCTYPE html><title>x</title>"_s,
        u"<script>alert(1)</script>"_s,
        u"<a href=\"https://evil.example/\">Sign in again</a>"_s,
        u"<a href=\"javascript:alert(1)\">x</a>"_s,
        u"<a href='FILE'>click</a>"_s,
        u"<table border=1><tr><td>a<td>b</table>"_s,
        u"<span style='font-size:400pt'>big</span>"_s,
        u"<br><br><br><hr>"_s,
        u"<font color=white>invisible</font>"_s,
        u"a < b and c > d"_s,
        u"<"_s,
        u"&lt;b&gt;escaped&lt;/b&gt;"_s,
        u"&#60;img src=x&#62;"_s,
        u"]]><b>x</b>"_s,
        u"<!-- comment --><b>x</b>"_s,
        u"<style>* { background: url(FILE) }</style>x"_s,
        u"**bold** [link](https://evil.example/) `code` # head"_s,
        u"![picture](FILE)"_s,
    };
}

QStringList paths()
{
    return {
        u"<img src=FILE>"_s,
        u"<img src='FILE'>"_s,
        u"<img src=\"file://FILE\">"_s,
        u"<p>text <img src='file:FILE' width=1 height=1></p>"_s,
        u"<IMG SRC=FILE>"_s,
        u"<body background='FILE'>x"_s,
        u"<table background='FILE'><tr><td>x</table>"_s,
        u"<link rel=stylesheet href='FILE'><b>x</b>"_s,
        u"<p style=\"background-image:url(FILE)\">x</p>"_s,
        u"<ul style=\"list-style-image:url('FILE')\"><li>x</ul>"_s,
        u"<img src='//attacker.example/share/a.png'>"_s,
        u"<img src='\\\\attacker.example\\share\\a.png'>"_s,
        u"<img src='file://attacker.example/share/a.png'>"_s,
        u"\\\\attacker.example\\share\\file"_s,
        u"file://FILE"_s,
        u"FILE"_s,
        u"<img src='qrc:/icons/mooring.svg'>"_s,
        u"<img src=':/icons/mooring.svg'>"_s,
        u"<img src='data:image/png;base64,iVBORw0KGgo='>"_s,
        u"<img src='https://evil.example/pixel.png'>"_s,
        u"smb://attacker.example/share"_s,
        u"../../../../etc/passwd"_s,
    };
}

QStringList controls()
{
    return {
        u"bell\a and backspace\b\b\b"_s,
        QString(u"before"_s + QChar(u'\0') + u"after NUL"_s),
        u"tab\tand\vvertical\fform"_s,
        u"over\rwritten"_s,
        u"line\none\r\ntwo"_s,
        u"mooringctl: all is well\nAuthorized\n"_s,
        u"\x1b[31mred\x1b[0m"_s,
        u"\x1b[2J\x1b[H"_s,
        u"\x1b]0;new title\x07"_s,
        u"\x1b]8;;https://evil.example/\x1b\\link\x1b]8;;\x1b\\"_s,
        u"\x1b]52;c;cm0gLXJmIC8K\x07"_s,
        u"\x1b[6n\x1b[c"_s,
        u"\x1bP$q\"p\x1b\\"_s,
        u"\x1b[8mhidden\x1b[0m"_s,
        u"\x1b[?1049h\x1b[?25l"_s,
        u"\x1b[3;J\u001bc"_s,
        u"\u009b31mC1 CSI"_s,
        u"\u009d0;C1 OSC\u009c"_s,
        u"\u0090C1 DCS\u009c"_s,
        u"\u0085next line"_s,
        u"\u007f\u007fdelete"_s,
        u"\x01\x02\x03\x04\x05\x06\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1c\x1d\x1e\x1f"_s,
    };
}

QStringList directions()
{
    return {
        u"evil\u202Etxt.exe"_s,
        u"\u202Doverridden\u202C"_s,
        u"\u202Aembedded\u202B twice"_s,
        u"\u2066isolated\u2069"_s,
        u"\u2067right\u2069\u2068first\u2069"_s,
        u"mark\u200E\u200F\u061C"_s,
        u"\u202E"_s,
        u"\u05E9\u05DC\u05D5\u05DD mcp.example.com"_s,
        u"\u0645\u0631\u062D\u0628\u0627 https://mcp.example.com/"_s,
        u"moc.elpmaxe.nigol \u05D0"_s,
        u"p\u0430ypal.com"_s,
        u"xn--pypal-4ve.com"_s,
        u"\u0440\u0430\u0443\u0440\u0430l.com"_s,
        u"example.com\u2024evil.example"_s,
        u"example.com\u2215login"_s,
        u"\uFF45\uFF58\uFF41\uFF4D\uFF50\uFF4C\uFF45.com"_s,
    };
}

QStringList invisibles()
{
    return {
        u"zero\u200Bwidth\u200Cnon\u200Djoiner"_s,
        u"\uFEFFmark in front"_s,
        u"soft\u00ADhyphen"_s,
        u"word\u2060joiner\u2061\u2062\u2063"_s,
        u"\u200B\u200B\u200B"_s,
        u"\u3164\u115F\u1160\uFFA0 fillers"_s,
        u"tags\U000E0041\U000E0042\U000E007F"_s,
        u"selectors\uFE0F\uFE00\U000E0100"_s,
        u"two\u2028lines\u2029paragraphs"_s,
        u"non\u00A0breaking\u2003em\u3000wide"_s,
        u"\uFFF9annotation\uFFFAhidden\uFFFB"_s,
        u"\uFFFC object \uFFFD"_s,
        u"private\uE000\uF8FF\U000F0000"_s,
        u"\U000FFFFF unassigned \u0378"_s,
        QString(u"high "_s + QChar(0xD800)),
        QString(QChar(0xDC00) + u" low"_s),
        QString(u"swapped "_s + QChar(0xDC00) + QChar(0xD800) + u" x"_s),
        QString(QString(400, QChar(0xD83D))),
    };
}

QStringList floods()
{
    const QString family = u"\U0001F468\u200D\U0001F469\u200D\U0001F467\u200D\U0001F466"_s;
    return {
        QString(1'000'000, u'A'),
        QString(5'000'000, u'x'),
        QString(u"word "_s).repeated(200'000),
        QString(u"a"_s + QString(200'000, QChar(0x0301))),
        QString(u"Z\u0351\u036B\u0343\u036A\u0302a\u0356\u034E\u0342\u0343\u0334\u0315"_s).repeated(3000),
        QString(200'000, QChar(0x0E47)),
        QString(5000, QChar(0xFDFD)),
        u"\U0001242B"_s.repeated(2000),
        u"\U0001F4A5"_s.repeated(20'000),
        family.repeated(5000),
        u"\U0001F1E9\U0001F1EA"_s.repeated(5000),
        u"\U0001F44D\U0001F3FF"_s.repeated(5000),
        QString(2000, u'W'),
        u"\n"_s.repeated(100'000),
        QString(u" "_s).repeated(1'000'000),
        u"<b>"_s.repeated(50'000),
        u"&amp;"_s.repeated(50'000),
        u"{\"a\":"_s.repeated(2000),
        u"\u202E"_s.repeated(50'000),
        u"\u0627\u0644\u0644\u0647 "_s.repeated(2000),
        u"\u0915\u094D"_s.repeated(3000),
    };
}

QStringList placeholders()
{
    return {
        u"&Mnemonic && more & more &"_s,
        u"%1 %2 %3 %99 %L1 %n"_s,
        u"%s%s%s%n%x%p %d"_s,
        u"{0} {} ${HOME} $(id) `id`"_s,
        u"'; DROP TABLE servers; --"_s,
        u"\"quoted\" 'and' \\back\\slash\\"_s,
        QString(),
        u" "_s,
        u"\t\t\t"_s,
        u"null"_s,
        u"Mooring"_s,
        u"https://user:pass@evil.example/?token=x#y"_s,
        u"--help"_s,
        u"\u2026"_s,
    };
}

QList<HostileText> allFor(const QString &localFile)
{
    QList<HostileText> all;
    add(&all, "markup", markup());
    add(&all, "path", paths());
    add(&all, "control", controls());
    add(&all, "direction", directions());
    add(&all, "invisible", invisibles());
    add(&all, "flood", floods());
    add(&all, "placeholder", placeholders());
    for (HostileText &one : all) {
        if (one.text.size() < 1000) {
            one.text.replace(u"FILE"_s, localFile);
        }
    }
    return all;
}

bool isForbidden(QChar c)
{
    const QChar::Category category = c.category();
    return (category == QChar::Other_Control && c != u'\n') || category == QChar::Other_Format
           || category == QChar::Separator_Line || category == QChar::Separator_Paragraph;
}

} // namespace

const QList<HostileText> &hostileTexts(const QString &localFile)
{
    static QHash<QString, QList<HostileText>> made;
    if (!made.contains(localFile)) {
        made.insert(localFile, allFor(localFile));
    }
    return *made.constFind(localFile);
}

QString flawIn(QStringView shown, qsizetype longest)
{
    int marks = 0;
    qsizetype characters = 0;
    for (qsizetype i = 0; i < shown.size(); ++i) {
        const QChar c = shown.at(i);
        const bool isPair = c.isHighSurrogate() && i + 1 < shown.size() && shown.at(i + 1).isLowSurrogate();
        if (isForbidden(c) || (c.isSurrogate() && !isPair)) {
            return u"the character U+%1"_s.arg(c.unicode(), 4, 16, QChar(u'0'));
        }
        marks = c.isMark() ? marks + 1 : 0;
        characters += c.isMark() ? 0 : 1;
        if (marks > mostMarks) {
            return u"a pile of marks"_s;
        }
        i += isPair ? 1 : 0;
    }
    return characters > longest ? u"%1 characters"_s.arg(characters) : QString();
}

} // namespace mooring::support
