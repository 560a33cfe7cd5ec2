// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>

namespace mooring::base {

/// Every sentence of both programs goes through Words::tr(), so that translators find all of them in one
/// context. With a number for plurals: Words::tr("%n tools", nullptr, count). The context has the name of the
/// class, because that is what lupdate takes where it doesn't find the class.
struct Words {
    Q_DECLARE_TR_FUNCTIONS(Words)
};

} // namespace mooring::base
