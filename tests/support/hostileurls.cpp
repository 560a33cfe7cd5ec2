// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/hostileurls.h"

namespace mooring::support {

using namespace Qt::StringLiterals;

QStringList hostileUrls()
{
    QStringList urls;
    for (const char *url : {"",
                            "javascript:alert(1)",
                            "JaVaScRiPt:alert(1)",
                            " https://h.example/",
                            "\thttps://h.example/",
                            "https://h.example/ ",
                            "data:text/html,<script>",
                            "vbscript:x",
                            "file:///etc/passwd",
                            "file://host/share",
                            "smb://host/share",
                            "search-ms:query=x",
                            "ms-msdt:/id",
                            "blob:https://h.example/x",
                            "view-source:https://h.example",
                            "ftp://h.example/",
                            "//h.example/x",
                            "/x",
                            "h.example",
                            "https:h.example",
                            "https:/h.example",
                            "https://",
                            "https:///x",
                            "https:\\\\h.example",
                            "https://user@h.example/",
                            "https://user:pw@h.example/",
                            "https://@h.example/",
                            "https://a%2f@h.example/",
                            "https://a\uff20h.example/",
                            "https://good.example\\@evil.example/",
                            "https://h.example\\.evil.example/",
                            "https://h.example:80443/",
                            "https://h.example:0/",
                            "https://h.example:-1/",
                            "https://h.example:x/",
                            "https://h.exa\tmple/",
                            "https://h.example/\r\nX: y",
                            "https://h.example/a b",
                            "https://h.example/?x=`id`|\"<>",
                            "https://h%00.example/",
                            "https://h.example/%00",
                            "https://h.example/#fragment",
                            "https://h.example/#",
                            "https://[::1/",
                            "https://[fe80::1%25eth0]/",
                            "https://exa%6dple.com/",
                            "\x01https://h.example/",
                            "https://h.example/\x7f",
                            "http://h.example/",
                            "http://h.example:443/",
                            "HTTP://H.EXAMPLE/",
                            "http://localhost.evil.example/",
                            "http://127.0.0.1.evil.example/",
                            "http://10.0.0.1/",
                            "http://0.0.0.1/",
                            "http://0.1.2.3/",
                            "http://[2002:7f00:1::1]/",
                            "http://[64:ff9b::7f00:1]/",
                            "http://[::127.0.0.1]/",
                            "http://localdomain/",
                            "http://192.168.1.1/",
                            "http://[fd00::1]/",
                            "wss://h.example/",
                            "mailto:a@h.example",
                            "tel:1",
                            "intent://x",
                            "steam://x",
                            "x-apple.systempreferences:",
                            "about:blank",
                            "chrome://settings"}) {
        urls.append(QString::fromUtf8(url));
    }
    urls.append(u"https://h.example/"_s + QString(64 * 1024, u'a'));
    urls.append(u"https://h.example/"_s + QChar(u'\0') + u"x"_s);
    // Short as typed, three times as long as sent.
    urls.append(u"https://h.example/"_s + QString(4000, u'\u00fc'));
    urls.append(u"https://h.example/?"_s + QString(1000, u'\u20ac'));
    return urls;
}

} // namespace mooring::support
