// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/clientchecks.h"

#include "base/words.h"
#include <QRegularExpression>
#include <QStringList>

#include <algorithm>

namespace mooring::ui {

using namespace Qt::StringLiterals;
using base::Words;

namespace {

bool hasGap(const QString &text)
{
    return std::any_of(text.begin(), text.end(), [](QChar c) { return c.isSpace() || !c.isPrint(); });
}

/// How the secrets of well-known services begin.
bool looksLikeASecret(const QString &text)
{
    static const QStringList beginnings = {u"gocspx-"_s, u"shpss_"_s,  u"sk_"_s,          u"sk-"_s,
                                           u"secret_"_s, u"secret-"_s, u"client_secret"_s};
    const QString lower = text.toLower();
    return std::any_of(beginnings.begin(), beginnings.end(),
                       [&lower](const QString &beginning) { return lower.startsWith(beginning); });
}

} // namespace

QString problemWithClientId(const QString &id)
{
    if (id.isEmpty()) {
        return Words::tr("Enter the client ID that the service shows for your app.");
    }
    if (hasGap(id)) {
        return Words::tr("There is a gap in this client ID. Copy it again, without anything around it.");
    }
    // The address of a metadata document is a client ID; the redirect address is none.
    static const QRegularExpression redirect(u"^https?://(127\\.0\\.0\\.1|localhost|\\[::1\\])[:/]"_s);
    if (redirect.match(id).hasMatch()) {
        return Words::tr("This is the redirect address. The client ID is what the service gives you for it.");
    }
    if (looksLikeASecret(id)) {
        return Words::tr("This looks like the secret. The client ID goes here, the secret below.");
    }
    return {};
}

QString problemWithClientSecret(const QString &secret, const QString &id)
{
    if (secret.isEmpty()) {
        return {};
    }
    if (hasGap(secret)) {
        return Words::tr("There is a gap in this secret. Copy it again, without anything around it.");
    }
    if (secret == id) {
        return Words::tr(
            "This is the client ID once more. Leave it empty if the service gave you no secret.");
    }
    if (std::all_of(secret.begin(), secret.end(), [](QChar c) { return c == u'*' || c == u'•'; })) {
        return Words::tr(
            "These are the dots that the service shows in place of the secret. Use its copy button, or "
            "make a new secret there.");
    }
    return {};
}

QString problemWithPrivateKey(const QString &pem)
{
    if (pem.isEmpty()) {
        return {};
    }
    if (pem.contains("PUBLIC KEY-----"_L1) || pem.contains("BEGIN CERTIFICATE-----"_L1)) {
        return Words::tr("This is the public half, which the service gets. Mooring needs the private key.");
    }
    if (pem.contains("BEGIN ENCRYPTED PRIVATE KEY-----"_L1) || pem.contains("Proc-Type: 4,ENCRYPTED"_L1)) {
        return Words::tr(
            "This key is locked with a password. Enter it without one; your keychain protects it.");
    }
    static const QRegularExpression block(
        u"^-----BEGIN ([A-Z]+ )?PRIVATE KEY-----\\s[\\s\\S]+\\s-----END ([A-Z]+ )?PRIVATE KEY-----$"_s);
    if (!block.match(pem).hasMatch()) {
        return Words::tr(
            "A private key begins with -----BEGIN PRIVATE KEY----- and ends with -----END PRIVATE "
            "KEY-----. Copy all of it.");
    }
    return {};
}

} // namespace mooring::ui
