// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/keychain.h"

#include <QObject>

namespace mooring::storage {

/// What every Keychain has to do with a real program, as tests; a test program inherits them for its own
/// kind. The program is open when a test begins, and asks nothing.
class KeychainContract : public QObject {
    Q_OBJECT

protected:
    virtual Keychain &keychain() = 0;
    virtual KeychainProgram expectedProgram() const = 0;
    /// As the person would in the program's own window.
    virtual void lockFromOutside() = 0;
    virtual void unlockFromOutside() = 0;

private Q_SLOTS:
    void tellsWhatProgramItIs();
    void saysThatAMissingItemIsNotThere();
    void readsBackWhatWasWritten_data();
    void readsBackWhatWasWritten();
    void overwritesInPlace();
    void keepsKeysApart();
    void removesAnItem();
    void takesAnotherLabel();
    void believesNothingWhileItIsLocked();
};

} // namespace mooring::storage
