// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/waitnotice.h"

#include "base/words.h"
#include "cli/terminal.h"
#include "storage/keychainquestions.h"
#include "storage/secretstore.h"

namespace mooring::cli {

using namespace std::chrono_literals;
using base::Words;

WaitNotice::WaitNotice(Terminal &terminal, storage::SecretStore &secrets, Reason reason)
    : m_terminal(terminal)
    , m_secrets(secrets)
    , m_reason(std::move(reason))
{
    m_silence.setSingleShot(true);
    m_silence.setInterval(2s);
    connect(&m_silence, &QTimer::timeout, this, &WaitNotice::onSilence);
    connect(&m_terminal, &Terminal::wrote, this, [this] { m_silence.start(); });
    m_secrets.onQuestion(this, [this] { onQuestion(); });
    m_silence.start();
}

void WaitNotice::stop()
{
    m_silence.stop();
    disconnect(&m_terminal, nullptr, this, nullptr);
}

void WaitNotice::onQuestion()
{
    const std::optional<storage::KeychainQuestion> question = m_secrets.question();
    if (question) {
        m_said = storage::sentenceOf(*question);
        m_terminal.say(m_said);
    } else {
        m_silence.start();
    }
}

void WaitNotice::onSilence()
{
    if (m_secrets.question() || m_terminal.isReading()) {
        return;
    }
    QString reason =
        m_secrets.isBusy() ? Words::tr("Waiting for %1 to answer.").arg(m_secrets.description()) : QString();
    if (reason.isEmpty()) {
        reason = m_reason();
    }
    if (!reason.isEmpty() && reason != m_said) {
        m_said = reason;
        m_terminal.say(reason);
    }
    m_silence.start();
}

} // namespace mooring::cli
