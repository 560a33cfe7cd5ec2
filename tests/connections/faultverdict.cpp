// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The half of FaultBed that judges: outcome codes (6.3) and invariants (6.2).
#include "faultbed.h"

#include "base/displaytext.h"
#include "text/wording.h"

namespace mooring::test {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using support::await;

namespace {

bool isOneOf(ErrorKind kind, std::initializer_list<ErrorKind> kinds)
{
    return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

bool fits(const QByteArray &code, const base::Error &error)
{
    if (code == "R" || code == "R1" || code == "Q") {
        return error.isTransient() && error.httpStatus != 429;
    }
    if (code == "W") {
        return error.isTransient() && error.httpStatus == 429;
    }
    if (code == "X") {
        return !error.isTransient() && isOneOf(error.kind, {ErrorKind::Protocol, ErrorKind::HttpStatus});
    }
    if (code == "K") {
        return error.kind == ErrorKind::SignInNeeded;
    }
    if (code == "S" || code == "SD") {
        return isOneOf(error.kind, {ErrorKind::RefusedByPolicy, ErrorKind::Tls});
    }
    if (code == "B" || code == "D" || code == "V") {
        return isOneOf(error.kind, {ErrorKind::Network, ErrorKind::Timeout, ErrorKind::HttpStatus,
                                    ErrorKind::Protocol, ErrorKind::SignInNeeded})
               && (error.kind != ErrorKind::SignInNeeded || code == "B");
    }
    return code == "A" && error.kind == ErrorKind::SignInNeeded;
}

/// 6.2 and 6.3: one sentence without anything that could deceive.
bool isPlain(const QString &sentence)
{
    return std::none_of(sentence.begin(), sentence.end(), [](QChar c) {
        return c.category() == QChar::Other_Control || c.category() == QChar::Other_Format;
    });
}

} // namespace

QString FaultBed::problemWith(const QByteArray &code, const std::optional<base::Error> &error) const
{
    if (!error) {
        return code == "ok" ? QString() : u"no trouble at all"_s;
    }
    const QString shown = u"%1 (%2, %3)"_s.arg(base::errorName(*error), error->sentence, error->detail);
    if (!fits(code, *error)) {
        return u"not a case of %1: %2"_s.arg(QString::fromLatin1(code), shown);
    }
    if (!error->sentence.contains(host())) {
        return u"the sentence doesn't name %1: %2"_s.arg(host(), shown);
    }
    if (!isPlain(error->sentence)) {
        return u"control characters in: "_s + shown;
    }
    const bool tellsTime = m_case.fault.contains("429,") && code == "W";
    const qint64 wait = error->retryAt ? bed.clock.now().secsTo(*error->retryAt) : 0;
    if (tellsTime && (wait < 1 || wait > 3600)) {
        return u"asked to wait, but for %1 s: %2"_s.arg(wait).arg(shown);
    }
    return {};
}

QString FaultBed::problemWithSeal()
{
    const QList<connections::RevocationRecord> &entries = bed.list->revocations().all();
    if (entries.size() != 1) {
        return u"V: %1 entries"_s.arg(entries.size());
    }
    const QString prefix = storage::Profile().keychainPrefix();
    const QString id = entries.first().id;
    connections::PendingTokenStore store(bed.secrets, prefix);
    const auto sealed = await(store.read(id, {}));
    if (!sealed || !*sealed
        || m_tokens != QByteArrayList{(*sealed)->refreshToken.reveal(), (*sealed)->accessToken.reveal()}) {
        return u"V: the tokens are not in the keychain"_s;
    }
    connections::GrantStore grants(bed.secrets, prefix);
    for (const QString &key : {m_id, id}) {
        const auto grant = await(grants.readGrant(key, {}));
        if (!grant || *grant) {
            return u"V: there is something that can be taken for a grant"_s;
        }
    }
    const auto token = await(connection().accessToken({}));
    if (token || token.error().kind != ErrorKind::SignInNeeded || connection().state().isSignedIn) {
        return u"V: the sign-in can still be used"_s;
    }
    return {};
}

QString FaultBed::brokenInvariant(bool keepsGrant, int clicks)
{
    const connections::ConnectionRecord now = bed.recordOnDisk(m_id);
    if (now.id != m_id || now.name != m_before.name || now.url != m_before.url
        || now.issuer != m_before.issuer) {
        return u"INV-1: the entry is not what it was"_s;
    }
    const bool refusesClient = m_case.fault == "invalid_client";
    if (!connection().registration() && !refusesClient) {
        return u"INV-1: the registration is gone"_s;
    }
    if (keepsGrant) {
        connections::GrantStore store(bed.secrets, storage::Profile().keychainPrefix());
        const auto grant = await(store.readGrant(m_id, {}));
        if (!now.hasSecret || !grant || !*grant || (*grant)->tokens.refreshToken.isEmpty()) {
            return u"INV-2: the refresh token is gone"_s;
        }
    }
    if (canary.connections() != 0) {
        return u"INV-3: somebody else was asked"_s;
    }
    for (const support::FakeRequest &request : bed.mcp.http().requests()) {
        if (request.target.contains("canary-") || request.body.contains("canary-")
            || request.headers.value("Authorization").contains("refresh")) {
            return u"INV-3: the MCP server has got what is the service's"_s;
        }
    }
    if (bed.person.opened.size() != clicks) {
        return u"INV-4: the browser was opened %1 times, not %2"_s.arg(bed.person.opened.size()).arg(clicks);
    }
    if (const QString problem = asShownAfterRestart(); !problem.isEmpty()) {
        return problem;
    }
    return bed.everythingOnDisk().contains("canary-") ? u"INV-9: a secret is on disk"_s : QString();
}

/// INV-8. Trouble that passes belongs to the process that has met it; everything else stays.
QString FaultBed::asShownAfterRestart()
{
    const connections::ConnectionState before =
        connections::stateOf(connection().record(), {}, bed.clock.now());
    const connections::ConnectionState shown = connection().state();
    // What is only for this process (the code of an error) is not part of it.
    if (connection().record().toJson() != bed.recordOnDisk(m_id).toJson()) {
        return u"INV-8: what is shown is not what is stored"_s;
    }
    if (text::wordingOf(shown, connection().record(), bed.clock.now()).headline.isEmpty()) {
        return u"INV-8: nothing is said"_s;
    }
    bed.restart();
    const connections::ConnectionState after = connection().state();
    const bool isSame = after.phase == before.phase && after.isSignedIn == shown.isSignedIn
                        && after.expiresAt == shown.expiresAt
                        && after.hasRefreshToken == shown.hasRefreshToken;
    return isSame ? QString() : u"INV-8: another state after the restart"_s;
}

} // namespace mooring::test
