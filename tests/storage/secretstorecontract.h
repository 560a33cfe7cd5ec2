// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/secretstore.h"

#include <QObject>

namespace mooring::storage {

/// What every SecretStore has to do, as tests; a test program inherits them for its own kind.
class SecretStoreContract : public QObject {
    Q_OBJECT

protected:
    virtual SecretStore &store() = 0;
    /// Makes the store locked and unlocked from outside, as another program would.
    virtual void lockFromOutside() = 0;
    virtual void unlockFromOutside() = 0;

private Q_SLOTS:
    void saysThatAMissingItemIsNotThere();
    void readsBackWhatWasWritten_data();
    void readsBackWhatWasWritten();
    void replacesAValue();
    void keepsKeysApart();
    void removesAnItem();
    void removesAnItemThatIsNotThere();
    void refusesAValueThatIsTooLarge();
    void neverTakesALockedItemForAMissingOne();
    void endsAWaitThatIsStopped();
    void servesManyAtOnce();
    void settlesWhenNothingRuns();
    void isUsable();
};

} // namespace mooring::storage
