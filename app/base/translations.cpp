// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/translations.h"

#include "base/pseudotranslator.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>
#include <QTranslator>

namespace mooring::base {

using namespace Qt::StringLiterals;

namespace {

constexpr auto ownFolder = ":/mooring/translations"_L1;

QLocale chosenLocale()
{
    const QString name = qEnvironmentVariable("MOORING_LANGUAGE");
    return name.isEmpty() ? QLocale() : QLocale(name);
}

void install(QCoreApplication *app, const QLocale &locale, const QString &catalogue, const QString &folder)
{
    auto *translator = new QTranslator(app);
    if (translator->load(locale, catalogue, u"_"_s, folder)) {
        QCoreApplication::installTranslator(translator);
    } else {
        delete translator;
    }
}

} // namespace

void installTranslations(QCoreApplication *app)
{
    const QLocale english(QLocale::English);
    const QLocale locale = chosenLocale();
    // The one installed last is asked first: what another language lacks has English plurals.
    install(app, english, u"mooring"_s, ownFolder);
    if (qEnvironmentVariable("MOORING_LANGUAGE") == PseudoTranslator::language) {
        QCoreApplication::installTranslator(new PseudoTranslator(app));
        return;
    }
    install(app, locale, u"qtbase"_s, QLibraryInfo::path(QLibraryInfo::TranslationsPath));
    if (locale.language() != QLocale::English) {
        install(app, locale, u"mooring"_s, ownFolder);
        const QString shared = QCoreApplication::applicationDirPath() + u"/../share/mooring/translations"_s;
        install(app, locale, u"mooring"_s, shared);
    }
}

} // namespace mooring::base
