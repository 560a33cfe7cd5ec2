// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/headerinput.h"

#include "base/displaytext.h"
#include "base/words.h"
#include "interop/headerrules.h"
#include "interop/headervalue.h"

namespace mooring::cli {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using base::Words;

namespace {

/// Every program of this computer can read a command line.
Result<void> refuseOnCommandLine(const QString &name, const QString &value)
{
    if (!interop::isSecretHeader(name, value)) {
        return {};
    }
    return base::failed(base::makeError(
        ErrorKind::InvalidInput,
        Words::tr(
            "Other programs can read a key on the command line. Write only --header %1, and give the key on "
            "standard input.")
            .arg(base::displayText(name))));
}

} // namespace

Result<GivenHeader> givenHeader(Terminal &terminal, const QString &name, const QString &value, bool isSecret)
{
    const interop::HeaderValue read = interop::readHeaderValue(name, value);
    if (const Result<void> valid = connections::checkHeaderKey(name, read.value); !valid) {
        return base::failed(valid.error());
    }
    if (const QString odd = interop::oddityText(read.noticed); !odd.isEmpty()) {
        terminal.say(odd);
    }
    return GivenHeader{{name, read.value, isSecret}, read.alternative};
}

Task<Result<QList<GivenHeader>>> readHeaders(Terminal &terminal, QStringList headers, std::stop_token stop)
{
    QList<GivenHeader> given;
    for (const QString &header : std::as_const(headers)) {
        const QString name = header.section(u':', 0, 0).trimmed();
        QString value = header.section(u':', 1).trimmed();
        const bool isSecret = !header.contains(u':');
        if (isSecret) {
            const QString question = Words::tr("Key for the header %1:").arg(base::displayText(name));
            Result<base::Secret> key = co_await terminal.readSecret(question, stop);
            if (!key) {
                co_return base::failed(key.error());
            }
            value = QString::fromUtf8(key->reveal());
        } else if (const Result<void> open = refuseOnCommandLine(name, value); !open) {
            co_return base::failed(open.error());
        }
        const Result<GivenHeader> one = givenHeader(terminal, name, value, isSecret);
        if (!one) {
            co_return base::failed(one.error());
        }
        given.append(*one);
    }
    co_return given;
}

Task<Result<QList<GivenHeader>>> askForKey(Terminal &terminal, QString sentence, std::stop_token stop)
{
    if (!terminal.canAsk()) {
        co_return QList<GivenHeader>();
    }
    terminal.say(sentence);
    Result<bool> agreed = co_await terminal.confirm(Words::tr("Enter the key now?"), stop);
    if (!agreed) {
        co_return base::failed(agreed.error());
    }
    QStringList headers;
    if (*agreed) {
        headers.append(u"Authorization"_s);
    }
    co_return co_await readHeaders(terminal, headers, stop);
}

QList<connections::TypedHeader> typedHeaders(const QList<GivenHeader> &given)
{
    QList<connections::TypedHeader> headers;
    for (const GivenHeader &one : given) {
        headers.append(one.header);
    }
    return headers;
}

} // namespace mooring::cli
