// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Run it through tests/support/with-keyring.sh --bus-only, as ctest does.
#include "keychains/cellstest.h"
#include "keychains/keepassxckeychain.h"

using namespace mooring::keychains;

class TstCellsKeePassXcFree final : public CellsTest {
    Q_OBJECT
    std::unique_ptr<RealKeychain> makeKeychain() const override
    {
        return std::make_unique<KeePassXcKeychain>(KeePassXcKeychain::Access::IsFree);
    }
};

QTEST_GUILESS_MAIN(TstCellsKeePassXcFree)
#include "tst_cellskeepassxcfree.moc"
