// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/keychainreport.h"

#include <QObject>

#include <optional>

namespace mooring::storage {

/// What a keychain asks the person, in a window of its own.
struct KeychainQuestion {
    enum class Kind {
        Password, ///< to open it
        NewKeyring, ///< a password for the first keyring
        Permission, ///< whether Mooring may use an item
    };
    KeychainProgram program = KeychainProgram::Unknown;
    Kind kind = Kind::Password;

    friend bool operator==(const KeychainQuestion &, const KeychainQuestion &) = default;
};

/// The question that stands open right now. Deadlines stand still meanwhile, and window and terminal say what
/// is being waited for.
class KeychainQuestions final : public QObject {
    Q_OBJECT

public:
    /// Open until it is destroyed.
    class Open final {
    public:
        Open(KeychainQuestions &board, KeychainQuestion question);
        ~Open();
        Q_DISABLE_COPY_MOVE(Open)

    private:
        KeychainQuestions &m_board;
    };

    const std::optional<KeychainQuestion> &current() const { return m_current; }

Q_SIGNALS:
    /// A question has been put to the person, or is over.
    void changed();

private:
    std::optional<KeychainQuestion> m_current;
};

/// "KWallet asks for its password. Answer it to go on."
QString sentenceOf(const KeychainQuestion &question);

} // namespace mooring::storage
