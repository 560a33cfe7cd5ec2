// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTranslator>

namespace mooring::base {

/// The pseudo-language en_XA, for tests: "Add a server" is "[Ȧḓḓ ȧ şḗřṽḗř ···]". What is shown without
/// brackets can't be translated; what is cut off or overlaps has no room for languages longer than English.
class PseudoTranslator final : public QTranslator {
    Q_OBJECT
public:
    static constexpr auto language = QLatin1StringView("en_XA");

    using QTranslator::QTranslator;

    QString translate(const char *context, const char *sourceText, const char *disambiguation,
                      int n) const override;
    bool isEmpty() const override { return false; }
};

} // namespace mooring::base
