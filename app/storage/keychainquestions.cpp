// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/keychainquestions.h"

#include "base/words.h"

namespace mooring::storage {

using base::Words;

KeychainQuestions::Open::Open(KeychainQuestions &board, KeychainQuestion question)
    : m_board(board)
{
    m_board.m_current = question;
    Q_EMIT m_board.changed();
}

KeychainQuestions::Open::~Open()
{
    m_board.m_current.reset();
    Q_EMIT m_board.changed();
}

QString sentenceOf(const KeychainQuestion &question)
{
    const QString name = nameOf(question.program);
    switch (question.kind) {
    case KeychainQuestion::Kind::Password:
        return Words::tr("Waiting for you: %1 asks for its password in a window of its own.").arg(name);
    case KeychainQuestion::Kind::NewKeyring:
        return Words::tr("Waiting for you: %1 asks for a password for your first keyring.").arg(name);
    case KeychainQuestion::Kind::Permission:
        break;
    }
    return Words::tr("Waiting for you: %1 asks whether Mooring may use its entry.").arg(name);
}

} // namespace mooring::storage
