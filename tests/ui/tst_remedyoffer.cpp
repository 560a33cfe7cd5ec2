// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/list/connectionmodel.h"
#include "ui/page/connectionpage.h"
#include "ui/samples.h"
#include "ui/widgets/actionbutton.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;
using connections::Phase;
using text::RemedyOffer;
using ui::ConnectionDetails;
using ui::offerOf;

namespace {

ConnectionDetails sample(const QString &title)
{
    const QList<uitests::Sample> all = uitests::samples();
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const uitests::Sample &one) { return one.title == title; });
    return found == all.end() ? ConnectionDetails() : found->details;
}

ConnectionDetails refused(const QString &remedy)
{
    ConnectionDetails details = sample(u"not-authorized"_s);
    base::Error error = base::makeError(base::ErrorKind::Protocol, u"No."_s, {}, u"login.example"_s);
    error.remedy = remedy;
    details.view.record.issuer = u"https://login.example"_s;
    details.view.state.error = error;
    return details;
}

} // namespace

class TstRemedyOffer final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void offersTheOneChange_data();
    void offersTheOneChange();
    void asksForMoreRightsPlainly();
    void capsALongList();
    void namesBothServices();
    void keepsQuietWhileSomethingRuns_data();
    void keepsQuietWhileSomethingRuns();
    void offersNothingForAnUnknownRemedy();
    void tellsWhatAServiceIsStillToBeTold();
    void showsItOnTheCard();
    void marksTheRow();
};

void TstRemedyOffer::offersTheOneChange_data()
{
    QTest::addColumn<QString>("remedy");
    QTest::addColumn<int>("kind");
    const auto row = [](const char16_t *remedy, RemedyOffer::Kind kind) {
        const QString name = QString::fromUtf16(remedy);
        QTest::newRow(qPrintable(name)) << name << static_cast<int>(kind);
    };
    row(oauth::remedies::toleratesMissingPkce, RemedyOffer::Kind::ChangeSetting);
    row(oauth::remedies::toleratesForeignResource, RemedyOffer::Kind::ChangeSetting);
    row(oauth::remedies::omitsResource, RemedyOffer::Kind::ChangeSetting);
    row(oauth::remedies::sendsScopeOnRefresh, RemedyOffer::Kind::ChangeSetting);
    row(oauth::remedies::forgetsRegistration, RemedyOffer::Kind::ForgetRegistration);
    row(oauth::remedies::entersClient, RemedyOffer::Kind::EnterClient);
    row(oauth::remedies::acceptsNewIssuer, RemedyOffer::Kind::AcceptNewIssuer);
    row(oauth::remedies::acceptsForeignPage, RemedyOffer::Kind::AcceptForeignPage);
}

void TstRemedyOffer::offersTheOneChange()
{
    QFETCH(const QString, remedy);
    QFETCH(const int, kind);
    const std::optional<RemedyOffer> offer = offerOf(refused(remedy));
    QVERIFY(offer.has_value());
    QCOMPARE(static_cast<int>(offer->kind), kind);
    QCOMPARE(offer->remedy, remedy);
    QVERIFY(!offer->yes.isEmpty());
    QVERIFY2(offer->question.contains(u"login.example"_s) || offer->question.contains(u"calendar.example"_s),
             qPrintable(offer->question));
}

void TstRemedyOffer::asksForMoreRightsPlainly()
{
    const std::optional<RemedyOffer> offer = offerOf(sample(u"asks-for-more"_s));
    QVERIFY(offer.has_value());
    QCOMPARE(offer->kind, RemedyOffer::Kind::AllowMore);
    QCOMPARE(offer->question, u"Linear asks for: write"_s);
    QCOMPARE(offer->yes, u"Allow…"_s);
    QCOMPARE(offer->no, u"Not now"_s);
}

void TstRemedyOffer::capsALongList()
{
    ConnectionDetails details = sample(u"asks-for-more"_s);
    for (int number = 0; number < 500; ++number) {
        details.view.wantedScopes.append(u"s\u202E%1"_s.arg(number));
    }
    const std::optional<RemedyOffer> offer = offerOf(details);
    QVERIFY(offer.has_value());
    QVERIFY2(offer->question.endsWith(u"and 489 more"_s), qPrintable(offer->question));
    QVERIFY(!offer->question.contains(u'\u202E'));
}

void TstRemedyOffer::namesBothServices()
{
    const std::optional<RemedyOffer> offer = offerOf(sample(u"moved-service"_s));
    QVERIFY(offer.has_value());
    QVERIFY(offer->question.contains(u"login.ledger.example"_s));
    QVERIFY(offer->question.contains(u"accounts.newowner.example"_s));
    QCOMPARE(offer->yes, u"Sign in at accounts.newowner.example"_s);
}

void TstRemedyOffer::keepsQuietWhileSomethingRuns_data()
{
    QTest::addColumn<int>("phase");
    QTest::newRow("checking") << static_cast<int>(Phase::Checking);
    QTest::newRow("browser") << static_cast<int>(Phase::WaitingForBrowser);
    QTest::newRow("disconnecting") << static_cast<int>(Phase::Disconnecting);
}

void TstRemedyOffer::keepsQuietWhileSomethingRuns()
{
    QFETCH(const int, phase);
    ConnectionDetails details = sample(u"asks-for-more"_s);
    QVERIFY(offerOf(details).has_value());
    details.isSigningIn = true;
    QVERIFY(!offerOf(details));
    details.isSigningIn = false;
    details.view.state.phase = static_cast<Phase>(phase);
    QVERIFY(!offerOf(details));
}

void TstRemedyOffer::offersNothingForAnUnknownRemedy()
{
    QVERIFY(!offerOf(refused(u"turns-it-upside-down"_s)));
    QVERIFY(!offerOf(refused({})));
}

void TstRemedyOffer::tellsWhatAServiceIsStillToBeTold()
{
    ConnectionDetails details = sample(u"told-later"_s);
    std::optional<RemedyOffer> offer = ui::pendingOffer(details, uitests::sampleNow());
    QVERIFY(offer.has_value());
    QCOMPARE(offer->kind, RemedyOffer::Kind::ForgetRevocation);
    QCOMPARE(offer->yes, u"Forget now"_s);
    QVERIFY2(offer->question.startsWith(
                 u"Disconnected here. login.forum.example could not be told yet; trying until tomorrow "_s),
             qPrintable(offer->question));
    ui::ConnectionPage page(&uitests::sampleNow);
    page.resize(700, 600);
    page.show();
    page.setDetails(details);
    QCOMPARE(page.findChild<QLabel *>(u"offerLabel"_s)->text(), offer->question);
    QVERIFY(page.findChild<ui::ActionButton *>(u"offerAcceptButton"_s)->isVisible());
    QVERIFY(!page.findChild<ui::ActionButton *>(u"offerDismissButton"_s)->isVisible());
    // Signed in again, the sentence must not say that one isn't.
    details.view.state.phase = Phase::Authorized;
    details.view.state.isSignedIn = true;
    offer = ui::pendingOffer(details, uitests::sampleNow());
    QVERIFY(offer.has_value());
    QVERIFY2(offer->question.startsWith(u"You are signed in anew."_s), qPrintable(offer->question));
    details.view.state.phase = Phase::Disconnecting;
    QVERIFY(!ui::pendingOffer(details, uitests::sampleNow()));
    // What needs an answer goes first.
    page.setDetails(refused(QString::fromUtf16(oauth::remedies::omitsResource)));
    QVERIFY(page.findChild<QLabel *>(u"offerLabel"_s)->text() != offer->question);
}

void TstRemedyOffer::showsItOnTheCard()
{
    ui::ConnectionPage page(&uitests::sampleNow);
    page.resize(700, 600);
    page.show();
    page.setDetails(sample(u"authorized"_s));
    auto *question = page.findChild<QLabel *>(u"offerLabel"_s);
    auto *yes = page.findChild<ui::ActionButton *>(u"offerAcceptButton"_s);
    auto *no = page.findChild<ui::ActionButton *>(u"offerDismissButton"_s);
    QVERIFY(!question->isVisible());
    page.setDetails(sample(u"asks-for-more"_s));
    QVERIFY(question->isVisible() && yes->isVisible() && no->isVisible());
    int accepted = 0;
    int dismissed = 0;
    connect(&page, &ui::ConnectionPage::offerAccepted, &page, [&accepted](const RemedyOffer &offer) {
        accepted += offer.kind == RemedyOffer::Kind::AllowMore ? 1 : 100;
    });
    connect(&page, &ui::ConnectionPage::offerDismissed, &page, [&dismissed] { ++dismissed; });
    QTest::keyClick(yes, Qt::Key_Space);
    QTest::keyClick(no, Qt::Key_Space);
    QCOMPARE(accepted, 1);
    QCOMPARE(dismissed, 1);
    page.setDetails(sample(u"moved-service"_s));
    QVERIFY(yes->isVisible() && !yes->isPrimary());
    // A state that is no danger to anything has one filled button, not two.
    page.setDetails(refused(QStringView(oauth::remedies::omitsResource).toString()));
    QVERIFY(!no->isVisible());
    QVERIFY(yes->isPrimary());
    QVERIFY(!page.findChild<ui::ActionButton *>(u"stateActionButton"_s)->isPrimary());
}

void TstRemedyOffer::marksTheRow()
{
    ui::ConnectionModel model(&uitests::sampleNow);
    model.reset({sample(u"authorized"_s).view, sample(u"asks-for-more"_s).view});
    const QModelIndex calm = model.index(0);
    const QModelIndex asking = model.index(1);
    QVERIFY(!calm.data(ui::ConnectionModel::AsksRole).toBool());
    QVERIFY(asking.data(ui::ConnectionModel::AsksRole).toBool());
    QVERIFY(asking.data(Qt::AccessibleTextRole).toString().endsWith(u"asks for more"_s));
    QCOMPARE(asking.data(ui::ConnectionModel::PillRole).toString(), u"40 min"_s);
    // Both are at one address, so the account comes first.
    QCOMPARE(asking.data(ui::ConnectionModel::SubtitleRole).toString(),
             u"sam@home.example · mcp.linear.app"_s);
    model.take(sample(u"authorized"_s).view.record.id);
    QCOMPARE(model.index(0).data(ui::ConnectionModel::SubtitleRole).toString(),
             u"mcp.linear.app · sam@home.example"_s);
}

QTEST_MAIN(TstRemedyOffer)
#include "tst_remedyoffer.moc"
