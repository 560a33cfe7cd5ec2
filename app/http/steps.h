// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QUrl>

#include <chrono>
#include <functional>

namespace mooring::http {

/// One step of finding out about a server, for the report that people read. Never holds a secret.
struct Step {
    enum class Outcome {
        Done,
        NotThere, ///< this place had nothing; the next one is tried
        Failed,
    };

    /// What was learnt, one translated sentence in plain text.
    QString learnt;
    Outcome outcome = Outcome::Done;
    /// The request; empty verb for a step that made none.
    QByteArray verb = {};
    QUrl url = {};
    /// HTTP status, 0 without an answer.
    int status = 0;
    std::chrono::milliseconds took{0};
    /// For developers: untranslated, may be empty.
    QString detail = {};
};

/// Called once for each step, as soon as it has ended. May be empty.
using StepSink = std::function<void(const Step &)>;

} // namespace mooring::http
