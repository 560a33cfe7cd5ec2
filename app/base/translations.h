// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QCoreApplication;

namespace mooring::base {

/// Makes a program speak the person's language: that of $MOORING_LANGUAGE (a name such as "de" or "zh_CN"),
/// else the locale's. Sentences without a translation stay English, with English plurals. "en_XA" is a
/// pseudo-language for tests: every sentence of Words comes longer, with accents and in brackets, so that
/// what isn't translatable stands out. The translators belong to `app`.
void installTranslations(QCoreApplication *app);

} // namespace mooring::base
