// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/tokencommands.h"

#include "base/words.h"
#include "cli/outputjson.h"
#include "cli/outputtext.h"

#include <algorithm>

namespace mooring::cli {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using base::Words;
using connections::AccessToken;

namespace {

/// A token is printed for programs to use, never for a terminal to interpret.
bool isPrintable(const QByteArray &token)
{
    return std::all_of(token.begin(), token.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

} // namespace

Task<Result<ExitCode>> runToken(Context context, std::stop_token stop)
{
    Result<AccessToken> token = co_await context.connection->accessToken(stop);
    if (!token) {
        co_return base::failed(token.error());
    }
    QJsonObject document = {{u"token"_s, toJson(token->facts, context.now())}};
    if (!context.arguments.reveal) {
        context.terminal.jsonOut(document);
        context.terminal.out(tokenText(token->facts, context.now()));
        co_return ExitCode::Ok;
    }
    if (!isPrintable(token->token.reveal())) {
        co_return base::failed(base::makeError(
            ErrorKind::Protocol, Words::tr("The token has characters in it that can't be printed.")));
    }
    const QString revealed = QString::fromLatin1(token->token.reveal());
    document.insert(u"accessToken"_s, revealed);
    context.terminal.jsonOut(document);
    context.terminal.out(revealed);
    co_return ExitCode::Ok;
}

Task<Result<ExitCode>> runRefresh(Context context, std::stop_token stop)
{
    Result<AccessToken> token = co_await context.connection->renew(stop);
    if (!token) {
        co_return base::failed(token.error());
    }
    context.terminal.jsonOut({{u"token"_s, toJson(token->facts, context.now())}});
    context.terminal.out(Words::tr("Renewed."));
    context.terminal.out(tokenText(token->facts, context.now()));
    co_return ExitCode::Ok;
}

} // namespace mooring::cli
