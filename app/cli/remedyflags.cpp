// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/remedyflags.h"

#include "base/words.h"
#include "oauth/signinsettings.h"

#include <algorithm>

namespace mooring::cli {

using namespace Qt::StringLiterals;
using base::Words;
namespace remedies = oauth::remedies;

namespace {

RemedyFlag setting(const char16_t *remedy, const QString &option, const QString &description)
{
    return {QString::fromUtf16(remedy), option, description, true};
}

RemedyFlag once(const char16_t *remedy, const QString &option, const QString &description)
{
    return {QString::fromUtf16(remedy), option, description, false};
}

} // namespace

const QList<RemedyFlag> &remedyFlags()
{
    static const QList<RemedyFlag> all{
        setting(remedies::toleratesMissingPkce, u"allow-missing-pkce"_s,
                Words::tr("Sign in although the service doesn't say that it checks PKCE.")),
        setting(remedies::toleratesForeignResource, u"allow-foreign-resource"_s,
                Words::tr("Use a description of the sign-in that is for another part of the same server.")),
        setting(remedies::omitsResource, u"omit-resource"_s,
                Words::tr("Don't tell the service which server the access is for.")),
        setting(remedies::sendsScopeOnRefresh, u"repeat-scope"_s,
                Words::tr("Tell the service the permissions again at each renewal.")),
        setting(remedies::allowsPlainHttp, u"allow-http"_s,
                Words::tr("Reach a server in your own network without encryption.")),
        once(remedies::acceptsNewIssuer, u"accept-new-service"_s,
             Words::tr("Sign in even if the server now names another sign-in service.")),
        once(
            remedies::acceptsForeignPage, u"accept-foreign-page"_s,
            Words::tr("Sign in even if the page is on another site than the service that gives the access.")),
        once(remedies::forgetsRegistration, u"forget-registration"_s,
             Words::tr("Forget how Mooring is registered there, and register anew.")),
    };
    return all;
}

const RemedyFlag *remedyFlag(QStringView remedy)
{
    const QList<RemedyFlag> &all = remedyFlags();
    const auto found = std::ranges::find(all, remedy, &RemedyFlag::remedy);
    return found == all.end() ? nullptr : &*found;
}

} // namespace mooring::cli
