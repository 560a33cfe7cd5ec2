// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/keychainquestions.h"
#include "storage/secretpeer.h"

#include "base/task.h"

#include <stop_token>

namespace mooring::storage {

/// How a prompt of the Secret Service ended.
enum class PromptEnd {
    Answered, ///< whatever the person said: services differ in what they report, so the keychain is asked
    Stopped, ///< by the stop token; its window is closed
    Failed, ///< the service went away or could not show it
};

/// Has `peer` show its prompt, if `path` is one, until the person has answered. It may turn out to be none:
/// KeePassXC makes one for everything. So the question is put on the board only if it stays for a moment.
base::Task<PromptEnd> showSecretPrompt(SecretPeer peer, QString path, KeychainQuestions *board,
                                       KeychainQuestion::Kind kind, std::stop_token stop);

} // namespace mooring::storage
