// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// A page to sign in at that is on another site than issuer and token endpoint.
#include "oauth/signinsettings.h"
#include "support/testbed.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;
using connections::AuthorizeOptions;
using connections::Connection;
using connections::Phase;
using support::await;
using support::Testbed;

namespace {

/// Its metadata names a page elsewhere, which nobody serves: `browse` takes the person to the real one.
struct Bed : Testbed {
    QUrl page{u"https://login.bank.example/authorize"_s};
    support::FakePerson browser;

    Bed()
    {
        auth.metadataOverrides.insert(u"authorization_endpoint"_s, page.toString());
        person.mood = support::FakePerson::Mood::Never;
    }

    base::Result<void> signIn(const std::shared_ptr<Connection> &connection, const AuthorizeOptions &options)
    {
        const QMetaObject::Connection following =
            QObject::connect(connection.get(), &Connection::changed, &browser, [this, connection] {
                if (connection->state().phase == Phase::WaitingForBrowser && browser.opened.size() < wanted) {
                    browse(connection->signInUrl());
                }
            });
        ++wanted;
        base::Result<void> done = await(connection->authorize(options, {}));
        QObject::disconnect(following);
        return done;
    }

private:
    void browse(QUrl url)
    {
        if (url.host() == page.host()) {
            const QString query = url.query(QUrl::FullyEncoded);
            url = auth.endpoint("authorize");
            url.setQuery(query);
            browser.openUrl()(url);
        }
    }

    qsizetype wanted = 0;
};

} // namespace

class TestForeignPage final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void nothingIsOpenedUnasked();
    void isAgreedToOnce();
    void isAskedAgainWhenItMoves();
    void typedTokenEndpointIsThePersonsOwn();
};

// Proves: VT-05
void TestForeignPage::nothingIsOpenedUnasked()
{
    Bed bed;
    const std::shared_ptr<Connection> connection = bed.added(bed.mcp.url());
    const base::Result<void> done = await(connection->authorize({}, {}));
    QVERIFY(!done);
    QCOMPARE(done.error().kind, base::ErrorKind::RefusedByPolicy);
    QCOMPARE(done.error().remedy, QString::fromUtf16(oauth::remedies::acceptsForeignPage));
    QVERIFY2(done.error().sentence.contains(u"login.bank.example"_s), qPrintable(done.error().sentence));
    QVERIFY2(done.error().sentence.contains(u"127.0.0.1"_s), qPrintable(done.error().sentence));
    QVERIFY(bed.person.opened.isEmpty());
    QCOMPARE(bed.auth.http().count("/register"), 0);
    QCOMPARE(connection->state().phase, Phase::Stopped);
}

// Proves: VT-05
void TestForeignPage::isAgreedToOnce()
{
    Bed bed;
    const std::shared_ptr<Connection> connection = bed.added(bed.mcp.url());
    AuthorizeOptions options;
    options.acceptForeignPage = true;
    const base::Result<void> done = bed.signIn(connection, options);
    QVERIFY2(done, done ? "" : qPrintable(done.error().sentence));
    QCOMPARE(bed.person.opened.size(), 1);
    QCOMPARE(bed.person.opened.first().host(), bed.page.host());
    QVERIFY(bed.signIn(connection, {}));
    QCOMPARE(bed.person.opened.size(), 2);
}

// Proves: VT-05
void TestForeignPage::isAskedAgainWhenItMoves()
{
    Bed bed;
    const std::shared_ptr<Connection> connection = bed.added(bed.mcp.url());
    AuthorizeOptions options;
    options.acceptForeignPage = true;
    QVERIFY(bed.signIn(connection, options));
    bed.page = QUrl(u"https://login.other.example/authorize"_s);
    bed.auth.metadataOverrides.insert(u"authorization_endpoint"_s, bed.page.toString());
    bed.clock.advance(std::chrono::hours(2));
    const base::Result<void> done = bed.signIn(connection, {});
    QVERIFY(!done);
    QCOMPARE(done.error().remedy, QString::fromUtf16(oauth::remedies::acceptsForeignPage));
    QCOMPARE(bed.person.opened.size(), 1);
    QVERIFY(connection->state().isSignedIn);
}

// Proves: VT-05
void TestForeignPage::typedTokenEndpointIsThePersonsOwn()
{
    Bed bed;
    const std::shared_ptr<Connection> connection = bed.added(bed.mcp.url());
    oauth::SignInSettings settings;
    settings.authorizationEndpoint = bed.page;
    QVERIFY(await(connection->setSettings(settings, {})));
    const base::Result<void> refused = await(connection->authorize({}, {}));
    QVERIFY(!refused);
    QCOMPARE(refused.error().remedy, QString::fromUtf16(oauth::remedies::acceptsForeignPage));
    QVERIFY(bed.person.opened.isEmpty());
    settings.authorizationEndpoint = QUrl();
    settings.tokenEndpoint = bed.auth.endpoint("token");
    QVERIFY(await(connection->setSettings(settings, {})));
    const base::Result<void> done = bed.signIn(connection, {});
    QVERIFY2(done, done ? "" : qPrintable(done.error().sentence));
    QCOMPARE(bed.person.opened.first().host(), bed.page.host());
}

QTEST_GUILESS_MAIN(TestForeignPage)
#include "tst_foreignpage.moc"
