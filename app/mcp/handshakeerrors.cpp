// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mcp/handshakeerrors.h"

#include "base/displaytext.h"
#include "base/words.h"

namespace mooring::mcp {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Words;

base::Error notMcpError(const Answer &answer)
{
    const QString host = base::displayAuthority(answer.head.url);
    QString sentence;
    if (answer.head.status == 404 || answer.head.status == 410) {
        sentence =
            Words::tr("%1 has nothing at this address. Check the address; for many servers it ends in /mcp.");
    } else if (answer.answersAnother) {
        sentence =
            Words::tr("%1 answers as an MCP server does, but never to what it was asked (its answers carry "
                      "another number). Only its owner can mend that.");
    } else if (answer.isPage) {
        sentence =
            Words::tr("There is a web page at this address, but no MCP server. The service's help tells "
                      "the address of its MCP server (this host is %1).");
    } else {
        sentence = Words::tr("%1 answers, but there is no MCP server at this address.");
    }
    base::Error error = makeError(ErrorKind::Protocol, sentence.arg(host), {}, host);
    error.httpStatus = answer.head.status;
    error.detail = u"HTTP %1"_s.arg(answer.head.status);
    if (answer.message && answer.message->kind() == Message::Kind::Error) {
        error.detail += u", JSON-RPC error %1: %2"_s.arg(answer.message->error().code)
                            .arg(base::displayText(answer.message->error().message));
    } else if (answer.unreadable) {
        error.detail += u", "_s + answer.unreadable->detail;
    }
    return error;
}

base::Error changedError(const Answer &answer)
{
    const QString host = base::displayAuthority(answer.head.url);
    const int status = answer.head.status;
    const QString says = base::displayText(refusalText(answer).simplified(), 200);
    QString sentence;
    if (answer.isPage) {
        sentence =
            Words::tr("A web page answers in place of %1. Maybe this network wants you to log in first.");
    } else if (status == 404 || status == 410) {
        sentence = Words::tr("%1 has nothing at this address any more. Maybe the server has moved.");
    } else if (says.isEmpty()) {
        sentence = Words::tr("%1 doesn't answer as an MCP server at the moment.");
    } else {
        sentence = Words::tr("%1 doesn't answer as an MCP server at the moment. It says: %2");
    }
    const bool hasWords = sentence.contains("%2"_L1);
    base::Error error =
        makeError(answer.isPage ? ErrorKind::Network : ErrorKind::Protocol,
                  hasWords ? sentence.arg(host, says) : sentence.arg(host), u"HTTP %1"_s.arg(status), host);
    error.httpStatus = status;
    return error;
}

base::Error unknownVersionsError(const Answer &answer, const QStringList &versions)
{
    const QString host = base::displayAuthority(answer.head.url);
    const QString list = base::displayText(versions.join(", "_L1));
    const QString sentence =
        list.isEmpty()
            ? Words::tr("%1 is an MCP server, but refuses every version of MCP that this Mooring knows.")
                  .arg(host)
            : Words::tr(
                  "%1 is an MCP server, but speaks only versions that this Mooring doesn't know: %2. A newer "
                  "Mooring may help.")
                  .arg(host, list);
    base::Error error = makeError(ErrorKind::Protocol, sentence, u"versions: "_s + list, host);
    error.httpStatus = answer.head.status;
    return error;
}

} // namespace mooring::mcp
