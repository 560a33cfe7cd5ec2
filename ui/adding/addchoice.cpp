// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/adding/addchoice.h"

#include "base/displaytext.h"
#include "base/words.h"
#include "ui/widgets/excerpt.h"

namespace mooring::ui {

using base::Words;
using text::RemedyOffer;
using Primary = AddChoice::Primary;
using Verdict = mcp::ProbeReport::Verdict;

namespace {

bool hasKeychain(const AddSituation &now)
{
    return !now.keychainTrouble || now.keychainTrouble->keychainCase == base::KeychainCase::Locked;
}

Primary primaryIn(const AddSituation &now)
{
    // A key that has been typed is tried before it is kept.
    const bool triesHeaders = now.sendsHeaders && !now.headersWereTried;
    switch (now.report->verdict) {
    case Verdict::Open:
        return triesHeaders ? Primary::TryHeaders : Primary::Add;
    case Verdict::NeedsSignIn:
        return triesHeaders || (now.sendsHeaders && now.hasAuthorization) ? Primary::TryHeaders
                                                                          : Primary::Authorize;
    case Verdict::NeedsKey:
    case Verdict::KeyRefused:
        return Primary::TryHeaders;
    case Verdict::SignInUnusable:
        return now.offer && now.offer->kind == RemedyOffer::Kind::EnterClient ? Primary::Authorize
               : triesHeaders                                                 ? Primary::TryHeaders
                                                                              : Primary::TryAgain;
    case Verdict::NotMcp:
    case Verdict::Unreachable:
    case Verdict::Blocked:
    case Verdict::UnknownVersions:
        return triesHeaders && now.headersAreComplete ? Primary::TryHeaders : Primary::TryAgain;
    case Verdict::Refused:
        break;
    }
    return Primary::TryAgain;
}

/// Questions that stand between the server and a sign-in, and are answered here. An app that is to be made by
/// hand is asked for later, on the page; a key has its field already.
bool isAskedHere(const std::optional<RemedyOffer> &offer)
{
    return offer && offer->kind != RemedyOffer::Kind::EnterClient
           && offer->kind != RemedyOffer::Kind::EnterKey;
}

QString primaryTextOf(Primary primary)
{
    switch (primary) {
    case Primary::Authorize:
        return Words::tr("Authorize");
    case Primary::TryAgain:
        return Words::tr("Try again");
    case Primary::Add:
    case Primary::TryHeaders:
    case Primary::None:
        break;
    }
    return Words::tr("Add");
}

QString secondaryTextIn(const AddSituation &now, Primary primary)
{
    if (now.report->verdict == Verdict::Open) {
        return now.report->discovery && primary == Primary::Add ? Words::tr("Add and authorize") : QString();
    }
    if (primary == Primary::TryHeaders) {
        return now.headersAreComplete ? Words::tr("Add without trying it") : Words::tr("Add without a key");
    }
    return now.report->verdict == Verdict::NeedsSignIn ? Words::tr("Add without signing in")
                                                       : Words::tr("Add anyway");
}

QString authorizeFooter(const AddSituation &now)
{
    if (now.keychainTrouble) {
        return shownText(now.keychainTrouble->sentence, 300);
    }
    if (now.offer && now.offer->kind == RemedyOffer::Kind::EnterClient) {
        const QString host = now.report->discovery
                                 ? base::displayAuthority(QUrl(now.report->discovery->server.issuer))
                                 : Words::tr("this service");
        return Words::tr(
                   "Apps have to be made by hand at %1. Mooring shows you how next, step by step; it takes a "
                   "minute, and only once.")
            .arg(host);
    }
    return Words::tr("Your browser opens next. Mooring never sees your password; the tokens stay in %1.")
        .arg(now.keychainName);
}

QString footerIn(const AddSituation &now, const AddChoice &choice)
{
    if (now.goesOn) {
        return Words::tr("Goes on by itself as soon as the server has been looked at.");
    }
    if (choice.showsOffer) {
        return {};
    }
    switch (choice.primary) {
    case Primary::Authorize:
        return authorizeFooter(now);
    case Primary::TryHeaders:
        return Words::tr("The key is tried first. It stays in %1 and is sent to this server only.")
            .arg(now.keychainName);
    case Primary::Add:
        return now.report->discovery ? Words::tr("Works without signing in; some of its tools may want it.")
                                     : QString();
    case Primary::TryAgain:
    case Primary::None:
        break;
    }
    return {};
}

} // namespace

AddChoice choiceIn(const AddSituation &now)
{
    AddChoice choice;
    choice.primaryText = Words::tr("Authorize");
    if (!now.hasAddress || now.isAdding || !now.report) {
        choice.footer = now.goesOn ? footerIn(now, choice) : QString();
        return choice;
    }
    choice.primary = primaryIn(now);
    choice.primaryText = primaryTextOf(choice.primary);
    choice.showsOffer = isAskedHere(now.offer) && choice.primary != Primary::TryHeaders;
    choice.mayBeForWindowOnly = choice.primary == Primary::Authorize && !hasKeychain(now);
    const bool mayAuthorize = choice.primary != Primary::Authorize || hasKeychain(now) || now.isForWindowOnly;
    const bool mayTry = choice.primary != Primary::TryHeaders || now.headersAreComplete;
    choice.isReady = mayAuthorize && mayTry && !choice.showsOffer;
    choice.secondaryText = secondaryTextIn(now, choice.primary);
    choice.secondaryAuthorizes = now.report->verdict == Verdict::Open;
    choice.footer = footerIn(now, choice);
    return choice;
}

} // namespace mooring::ui
