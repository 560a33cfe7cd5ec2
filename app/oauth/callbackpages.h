// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

namespace mooring::oauth {

/// The three pages that the browser may get to see at the end of a sign-in.
enum class CallbackPage {
    Done, ///< the answer is here
    Failed, ///< the service said no, or its answer was refused
    Stray, ///< not the answer that is waited for
};

/// A whole HTTP answer. It depends on nothing but its two arguments and the language, so nothing of
/// a request can ever be part of it; it may load nothing, run nothing and be framed by nobody.
QByteArray callbackAnswer(CallbackPage page, int status);

} // namespace mooring::oauth
