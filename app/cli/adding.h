// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/context.h"
#include "cli/headerinput.h"
#include "interop/pastedserver.h"
#include "text/remedyoffer.h"

namespace mooring::cli {

/// What became of a server that was to be added. A person has been told everything.
struct Added {
    ExitCode code = ExitCode::Ok;
    /// For --json: "connection" or "error", and "next" and "remedy" where there are such.
    QJsonObject document;
};

/// One server on its way into the list: it is looked at, what helps is offered, and whether it stays is for
/// the person to say, whatever the look has found.
class Adding final {
public:
    /// `name` takes the place of the pasted one; empty for none. `headers` come beside the pasted ones.
    Adding(const Context &context, interop::PastedServer pasted, QString name, QList<GivenHeader> headers);

    /// Errors: InvalidInput, Cancelled, and those of the list; nothing has been added then. The object
    /// outlives the task.
    base::Task<base::Result<Added>> run(std::stop_token stop);

private:
    base::Task<base::Result<void>> prepare(std::stop_token stop);
    void takeSignIn();
    base::Task<base::Result<void>> look(std::stop_token stop);
    base::Task<mcp::ProbeReport> lookAt(QUrl url, std::stop_token stop);
    base::Task<base::Result<void>> lookElsewhere(std::stop_token stop);
    base::Task<base::Result<void>> takeOffers(std::stop_token stop);
    base::Task<base::Result<bool>> takeOffer(text::RemedyOffer offer, std::stop_token stop);
    base::Task<base::Result<bool>> askForKey(std::stop_token stop);
    base::Task<base::Result<void>> dressKeyAnew(std::stop_token stop);
    base::Task<base::Result<bool>> isWanted(std::stop_token stop);
    base::Task<base::Result<Added>> keep(std::stop_token stop);
    Added leaveOut() const;
    void tell(const connections::Connection &connection, Added *added) const;

    std::optional<text::RemedyOffer> offer() const;
    /// Nothing stands between it and its use but what the person can do.
    bool isUsable() const;
    base::Error reason() const;

    Context m_context;
    Terminal &m_terminal;
    interop::PastedServer m_pasted;
    QString m_name;
    QList<GivenHeader> m_headers;
    QUrl m_url;
    oauth::SignInSettings m_settings;
    mcp::ProbeReport m_report;
};

} // namespace mooring::cli
