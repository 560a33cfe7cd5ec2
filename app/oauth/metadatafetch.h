// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/deadlines.h"
#include "base/task.h"
#include "http/client.h"
#include "http/steps.h"

#include <QElapsedTimer>

namespace mooring::oauth {

/// What all requests of one discovery share. Copies count the same time.
struct DiscoveryBudget {
    base::Deadlines deadlines;
    QElapsedTimer timer;

    explicit DiscoveryBudget(const base::Deadlines &all);
    std::chrono::milliseconds left() const;
};

/// A document, and the step that found it, which is reported when it is known what the document is worth.
struct MetadataDocument {
    QJsonObject json;
    http::Step step;
};

/// What was found; with a refusal, it may be used only after a person has agreed to the remedy of that.
template <typename Thing>
struct Find {
    Thing thing;
    std::optional<base::Error> refusal = std::nullopt;
};

/// One GET of what `namedBy` has named (http::Request). Reports the step itself if there is no document; else
/// the caller does. A web page is no document: servers that show one for every address are many.
base::Task<base::Result<MetadataDocument>> fetchMetadata(http::Client &client, DiscoveryBudget budget,
                                                         QUrl url, QUrl namedBy, http::StepSink sink,
                                                         std::stop_token stop);

/// Keeps the error that tells most, for when no candidate works: a refusal before an outage, that
/// before a document that can't be used, that before "not there" (a 4xx, a page, a document that says
/// nothing).
class MostTelling final {
public:
    void add(const base::Error &error);
    const std::optional<base::Error> &error() const { return m_error; }
    /// Whether every candidate was asked and answered that there is nothing.
    bool isNotThere() const;

private:
    static int rank(const base::Error &error);

    std::optional<base::Error> m_error;
};

/// There is nothing at this place, and asking again won't change that.
bool isAbsence(const base::Error &error);

/// Whether the next candidate may not be asked after this. Trouble with the network and safety stops
/// end the search; an answer of whatever kind, as long as it is none of these, doesn't.
bool endsSearch(const base::Error &error);

void reportFailure(const http::StepSink &sink, http::Step step, const base::Error &error);
void reportFound(const http::StepSink &sink, http::Step step, const QString &learnt, const QString &detail);
/// A step that asked nobody.
void reportNote(const http::StepSink &sink, const QString &learnt, const QString &detail = {});

} // namespace mooring::oauth
