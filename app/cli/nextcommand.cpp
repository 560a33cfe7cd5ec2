// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/nextcommand.h"

#include "base/displaytext.h"
#include "cli/remedyflags.h"
#include "text/remedyoffer.h"

#include <algorithm>

namespace mooring::cli {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using connections::AuthorizationKind;
using connections::ConnectionRecord;
using connections::Phase;
namespace remedies = oauth::remedies;

namespace {

bool isPlain(QChar c)
{
    return (c.unicode() < 0x80 && c.isLetterOrNumber()) || u"_./:=@%+,-"_s.contains(c);
}

bool wantsKey(const ConnectionRecord &record)
{
    return record.kind == AuthorizationKind::Header || record.verdict == mcp::Verdict::NeedsKey;
}

QStringList keyWords(const ConnectionRecord &record, const QString &handle)
{
    return {u"key"_s, handle, record.headerName.isEmpty() ? u"Authorization"_s : record.headerName};
}

QStringList signInWords(const ConnectionRecord &record, const QString &handle)
{
    return wantsKey(record) ? keyWords(record, handle) : QStringList{u"authorize"_s, handle};
}

QStringList remedyWords(const QString &remedy, const QString &handle)
{
    if (remedy == QStringView(remedies::allowsPlainHttp)) {
        // It is about reaching the server, which may want no sign-in at all.
        return {u"settings"_s, handle, u"allows-plain-http=yes"_s};
    }
    if (const RemedyFlag *flag = remedyFlag(remedy)) {
        return {u"authorize"_s, handle, u"--"_s + flag->option};
    }
    return remedy == QStringView(remedies::entersClient)
               ? QStringList{u"authorize"_s, handle, u"--client-id"_s, u"ID"_s}
               : QStringList();
}

} // namespace

QString quotedWord(const QString &word)
{
    if (!word.isEmpty() && std::all_of(word.begin(), word.end(), isPlain)) {
        return word;
    }
    const bool isHarmless =
        std::none_of(word.begin(), word.end(), [](QChar c) { return u"\"$`\\!"_s.contains(c); });
    if (isHarmless) {
        return u'"' + word + u'"';
    }
    // A shell takes nothing in these to be more than it is, but for the quote itself.
    return u'\'' + QString(word).replace(u'\'', u"'\\''"_s) + u'\'';
}

QString commandText(const QString &profile, const QStringList &words)
{
    QStringList all{u"mooringctl"_s};
    if (!profile.isEmpty()) {
        all << u"--profile"_s << quotedWord(profile);
    }
    for (const QString &word : words) {
        all << quotedWord(word);
    }
    return all.join(u' ');
}

QString handleOf(const connections::ConnectionList &list, const connections::Connection &connection)
{
    const QString name = base::displayText(connection.record().name);
    const auto found = list.find(name);
    const bool isUseful = found && (*found)->id() == connection.id() && !name.startsWith(u'-');
    return isUseful ? name : connection.id();
}

QStringList wordsAfter(const base::Error &error, const ConnectionRecord &record, const QString &handle)
{
    if (const QStringList words = remedyWords(error.remedy, handle); !words.isEmpty()) {
        return words;
    }
    if (error.kind == ErrorKind::MoreScopeNeeded) {
        return {u"authorize"_s, handle, u"--allow-more"_s};
    }
    return error.kind == ErrorKind::SignInNeeded ? signInWords(record, handle) : QStringList();
}

QStringList wordsFor(const connections::Connection &connection, const QString &handle)
{
    const ConnectionRecord &record = connection.record();
    const connections::ConnectionState state = connection.state();
    const auto offer = text::offerAfter(connection.activityLog().lastProbe.value_or(mcp::ProbeReport()),
                                        base::displayAuthority(record.url), record.settings);
    if (!state.isSignedIn && state.error) {
        if (const QStringList words = wordsAfter(*state.error, record, handle); !words.isEmpty()) {
            return words;
        }
    }
    if (!state.isSignedIn && offer && remedyFlag(offer->remedy)) {
        return remedyWords(offer->remedy, handle);
    }
    switch (state.phase) {
    case Phase::NotAuthorized:
    case Phase::SignInExpired:
        return signInWords(record, handle);
    case Phase::KeyRefused:
        return keyWords(record, handle);
    case Phase::Open:
    case Phase::ApiKey:
        return {u"tools"_s, handle};
    default:
        return {};
    }
}

} // namespace mooring::cli
