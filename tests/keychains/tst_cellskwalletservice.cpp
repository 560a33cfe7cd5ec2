// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Run it through tests/support/with-keyring.sh --bus-only, as ctest does.
#include "keychains/cellstest.h"
#include "keychains/kwalletkeychain.h"

using namespace mooring::keychains;

class TstCellsKWalletService final : public CellsTest {
    Q_OBJECT
    std::unique_ptr<RealKeychain> makeKeychain() const override
    {
        return std::make_unique<KWalletKeychain>(KWalletKeychain::Way::SecretService);
    }
};

QTEST_GUILESS_MAIN(TstCellsKWalletService)
#include "tst_cellskwalletservice.moc"
