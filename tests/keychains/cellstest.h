// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "keychains/caseplayer.h"
#include "keychains/screen.h"

#include <QTest>

namespace mooring::keychains {

/// All cells of one keychain (tests/keychains.txt), each a row; a case is played once, with all of its jobs.
class CellsTest : public QObject {
    Q_OBJECT
protected:
    virtual std::unique_ptr<RealKeychain> makeKeychain() const = 0;

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void cell_data();
    void cell();
    void endsAtCtrlC_data();
    void endsAtCtrlC();
    void namesItsItems();

private:
    std::unique_ptr<Screen> m_screen;
    std::unique_ptr<RealKeychain> m_keychain;
    std::unique_ptr<CasePlayer> m_player;
    QHash<QString, QHash<QString, Verdict>> m_played;
};

} // namespace mooring::keychains
