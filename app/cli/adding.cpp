// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/adding.h"

#include "base/displaytext.h"
#include "base/words.h"
#include "cli/outputjson.h"
#include "cli/outputtext.h"
#include "cli/pastedinput.h"
#include "connections/records/names.h"
#include "http/addresssecrets.h"
#include "http/urlpolicy.h"
#include "interop/otheraddresses.h"
#include "text/addressnote.h"
#include "text/reporttext.h"

namespace mooring::cli {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using base::Words;
using text::RemedyOffer;
using Verdict = mcp::ProbeReport::Verdict;

namespace {

/// Without what may be a key.
QString placeText(const QUrl &url)
{
    return base::displayAuthority(url) + http::shownPath(url);
}

} // namespace

Adding::Adding(const Context &context, interop::PastedServer pasted, QString name, QList<GivenHeader> headers)
    : m_context(context)
    , m_terminal(context.terminal)
    , m_pasted(std::move(pasted))
    , m_name(std::move(name))
    , m_headers(std::move(headers))
{
}

Task<Result<Added>> Adding::run(std::stop_token stop)
{
    Result<void> done = co_await prepare(stop);
    if (done) {
        m_terminal.say(Words::tr("Looking at %1…").arg(base::displayAuthority(m_url)));
        done = co_await look(stop);
    }
    if (done) {
        done = co_await lookElsewhere(stop);
    }
    if (done) {
        done = co_await takeOffers(stop);
    }
    if (!done) {
        co_return base::failed(done.error());
    }
    Result<bool> wanted = co_await isWanted(stop);
    if (!wanted) {
        co_return base::failed(wanted.error());
    }
    if (!*wanted) {
        co_return leaveOut();
    }
    co_return co_await keep(stop);
}

Task<Result<void>> Adding::prepare(std::stop_token stop)
{
    Result<interop::PastedServer> filled = co_await fillBlanks(m_terminal, m_pasted, stop);
    if (!filled) {
        co_return base::failed(filled.error());
    }
    m_pasted = *filled;
    const Result<QUrl> url = http::UrlPolicy::parseTyped(m_pasted.url.text(), http::PlainHttp::ThisNetwork);
    if (!url) {
        co_return base::failed(url.error());
    }
    m_url = *url;
    const auto twins = m_context.list.withUrl(m_url);
    if (!twins.isEmpty() && m_name.isEmpty()) {
        co_return base::failed(base::makeError(
            ErrorKind::InvalidInput, Words::tr("This server is in the list already, as \"%1\". For a "
                                               "second account there, give it another name with --name.")
                                         .arg(base::displayText(twins.first()->record().name))));
    }
    m_name = m_name.isEmpty() ? m_pasted.name : m_name;
    QList<GivenHeader> headers;
    for (const interop::PastedHeader &header : std::as_const(m_pasted.headers)) {
        const Result<GivenHeader> given =
            givenHeader(m_terminal, header.name, header.value.text(), header.isSecret);
        if (!given) {
            co_return base::failed(given.error());
        }
        headers.append(*given);
    }
    m_headers = headers + m_headers;
    takeSignIn();
    co_return Result<void>();
}

/// What the paste and the options say about the sign-in.
void Adding::takeSignIn()
{
    for (const QString &remedy : m_context.arguments.remedies) {
        m_settings = oauth::withRemedy(m_settings, remedy);
    }
    m_settings.redirectPort = m_pasted.callbackPort;
    for (const QString &scope : m_pasted.scopes) {
        if (!m_settings.extraScopes.contains(scope)) {
            m_settings.extraScopes.append(scope);
        }
    }
}

Task<mcp::ProbeReport> Adding::lookAt(QUrl url, std::stop_token stop)
{
    co_return co_await m_context.list.probe(url, typedHeaders(m_headers), m_settings, {}, stop);
}

Task<Result<void>> Adding::look(std::stop_token stop)
{
    m_report = co_await lookAt(m_url, stop);
    if (stop.stop_requested()) {
        co_return base::failed(base::cancelledError());
    }
    if (m_report.verdict == Verdict::KeyRefused) {
        co_return co_await dressKeyAnew(stop);
    }
    co_return Result<void>();
}

/// People leave out the path.
Task<Result<void>> Adding::lookElsewhere(std::stop_token stop)
{
    if (m_report.verdict != Verdict::NotMcp) {
        co_return Result<void>();
    }
    const QList<QUrl> others = interop::otherAddresses(m_url);
    for (const QUrl &other : others) {
        mcp::ProbeReport report = co_await lookAt(other, stop);
        if (stop.stop_requested()) {
            co_return base::failed(base::cancelledError());
        }
        if (report.verdict == Verdict::NotMcp || report.verdict == Verdict::Unreachable) {
            continue;
        }
        const auto twins = m_context.list.withUrl(other);
        if (!twins.isEmpty() && m_context.arguments.newName.isEmpty()) {
            co_return base::failed(base::makeError(
                ErrorKind::InvalidInput, Words::tr("This server is in the list already, as \"%1\".")
                                             .arg(base::displayText(twins.first()->record().name))));
        }
        m_terminal.say(Words::tr("There is no MCP server at %1 itself; there is one at %2.")
                           .arg(placeText(m_url), placeText(other)));
        m_url = other;
        m_report = report;
        break;
    }
    co_return Result<void>();
}

std::optional<RemedyOffer> Adding::offer() const
{
    return text::offerAfter(m_report, base::displayAuthority(m_url), m_settings);
}

bool Adding::isUsable() const
{
    switch (m_report.verdict) {
    case Verdict::Open:
    case Verdict::NeedsSignIn:
    case Verdict::NeedsKey:
        return true;
    default:
        return offer().has_value();
    }
}

base::Error Adding::reason() const
{
    base::Error error = m_report.error.value_or(base::makeError(ErrorKind::NotFound, {}));
    error.sentence = text::verdictSentence(m_report);
    return error;
}

/// Each is asked about once; one that is taken may bring the next.
Task<Result<void>> Adding::takeOffers(std::stop_token stop)
{
    constexpr int maximumOffers = 6;
    for (int turn = 0; turn < maximumOffers; ++turn) {
        const std::optional<RemedyOffer> now = offer();
        if (!now) {
            break;
        }
        Result<bool> taken = co_await takeOffer(*now, stop);
        if (!taken) {
            co_return base::failed(taken.error());
        }
        if (!*taken) {
            break;
        }
        Result<void> looked = co_await look(stop);
        if (!looked) {
            co_return looked;
        }
    }
    co_return Result<void>();
}

Task<Result<bool>> Adding::takeOffer(RemedyOffer offer, std::stop_token stop)
{
    if (offer.kind == RemedyOffer::Kind::EnterKey) {
        co_return co_await askForKey(stop);
    }
    if (offer.kind != RemedyOffer::Kind::ChangeSetting) {
        // For the sign-in itself: told with the command that begins it.
        co_return false;
    }
    if (m_terminal.canAsk() && m_report.error) {
        m_terminal.say(errorText(*m_report.error, m_terminal.errorStyle()));
        m_terminal.say(offer.question);
    }
    Result<bool> agreed = co_await m_terminal.confirm(offer.yes + u'?', stop);
    if (agreed && *agreed) {
        m_settings = oauth::withRemedy(m_settings, offer.remedy);
    }
    co_return agreed;
}

Task<Result<bool>> Adding::askForKey(std::stop_token stop)
{
    Result<QList<GivenHeader>> given =
        co_await cli::askForKey(m_terminal, text::verdictSentence(m_report), stop);
    if (!given) {
        co_return base::failed(given.error());
    }
    m_headers += *given;
    co_return !given->isEmpty();
}

/// A good key in the wrong dress: for the person to decide, because a key may be meant as it is.
Task<Result<void>> Adding::dressKeyAnew(std::stop_token stop)
{
    for (GivenHeader &given : m_headers) {
        const base::Secret alternative = std::exchange(given.alternative, base::Secret());
        if (alternative.isEmpty()) {
            continue;
        }
        const bool addsScheme = alternative.reveal().size() > given.header.value.reveal().size();
        const QString name = base::displayText(given.header.name);
        m_terminal.say(
            addsScheme
                ? Words::tr(
                      "The server does not accept the key as it is. In the header %1 most want \"Bearer\" in "
                      "front of it.")
                      .arg(name)
                : Words::tr(
                      "The server does not accept the key as it is. In the header %1 most want it without "
                      "\"Bearer\" in front.")
                      .arg(name));
        Result<bool> agreed = co_await m_terminal.confirm(Words::tr("Try it that way?"), stop);
        if (!agreed) {
            co_return base::failed(agreed.error());
        }
        if (*agreed) {
            given.header.value = alternative;
            co_return co_await look(stop);
        }
    }
    co_return Result<void>();
}

Task<Result<bool>> Adding::isWanted(std::stop_token stop)
{
    if (isUsable() || m_context.arguments.force) {
        co_return true;
    }
    if (!m_terminal.canAsk()) {
        co_return false;
    }
    m_terminal.say(errorText(reason(), m_terminal.errorStyle()));
    co_return co_await m_terminal.confirm(Words::tr("Keep it in the list anyway?"), stop);
}

Added Adding::leaveOut() const
{
    const base::Error error = reason();
    if (m_terminal.canAsk()) {
        m_terminal.say(Words::tr("Nothing was added."));
    } else if (!m_terminal.isJson()) {
        m_terminal.say(u"mooringctl: "_s + errorText(error, m_terminal.errorStyle()));
        m_terminal.say(u"  "_s
                       + Words::tr("Nothing was added. With --force, it is kept in the list anyway."));
    }
    return {exitCodeOf(m_report), {{u"error"_s, toJson(error)}, {u"report"_s, m_report.toJson()}}};
}

Task<Result<Added>> Adding::keep(std::stop_token stop)
{
    connections::NewConnection request;
    request.url = m_url;
    request.name = m_name;
    request.headers = typedHeaders(m_headers);
    request.settings = m_settings;
    request.report = m_report;
    Result<std::shared_ptr<connections::Connection>> connection =
        co_await m_context.list.add(std::move(request), stop);
    if (!connection) {
        co_return base::failed(connection.error());
    }
    Added added;
    tell(**connection, &added);
    co_return added;
}

void Adding::tell(const connections::Connection &connection, Added *added) const
{
    const text::ConnectionView view = text::lastKnownViewOf(connection);
    const QString name = base::displayText(view.record.name);
    const QString wished = m_name.isEmpty() ? connections::nameFromUrl(m_url) : base::displayText(m_name);
    m_terminal.out(Words::tr("Added."));
    if (!connections::isSameName(name, wished)) {
        m_terminal.out(Words::tr("There is a connection called \"%1\" already, so this one is called \"%2\".")
                           .arg(wished, name));
    }
    if (const QString note = text::addressNote(m_url); !note.isEmpty()) {
        m_terminal.out(note);
    }
    m_terminal.out(statusText(view, m_terminal.outputStyle(), m_context.now()));
    const QString handle = handleOf(m_context.list, connection);
    QStringList words = wordsFor(connection, handle);
    const std::optional<RemedyOffer> open = offer();
    const bool bringsClient =
        open && open->kind == RemedyOffer::Kind::EnterClient && !m_pasted.clientId.isEmpty();
    if (open && !bringsClient) {
        added->document.insert(u"remedy"_s, open->remedy);
        m_terminal.out(open->question);
    }
    if (!m_pasted.clientId.isEmpty() && words.value(0) == "authorize"_L1) {
        words << u"--client-id"_s << m_pasted.clientId;
        if (!m_pasted.clientSecret.isEmpty()) {
            words << u"--client-secret-stdin"_s;
            m_terminal.out(
                Words::tr("The client secret of the snippet is not kept: give it when you authorize."));
        }
    }
    added->document.insert(u"connection"_s, toJson(view, m_context.now()));
    if (!words.isEmpty()) {
        added->document.insert(u"next"_s, m_context.command(words));
        m_terminal.out(Words::tr("Next: %1").arg(m_context.command(words)));
    }
}

} // namespace mooring::cli
