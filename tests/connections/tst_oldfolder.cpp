// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// A data folder and a keychain as the version before several headers has left them (written by that version's
// own code, with values that nobody has): a sign-in, a client with a secret, a header key, a key in an
// address, and a sign-in whose end the service could not be told yet.
#include "connections/connectionlist.h"
#include "connections/grants/grantstore.h"
#include "connections/grants/registrations.h"
#include "support/testbed.h"

#include <QDir>
#include <QDirIterator>
#include <QJsonDocument>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;
using connections::AuthorizationKind;
using connections::Connection;
using connections::GrantStore;
using support::await;
using support::Testbed;

namespace {

QString fixture()
{
    return QFINDTESTDATA("data/before-headers");
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QJsonObject keychainOf(storage::SecretStore *store, const QStringList &keys)
{
    QJsonObject items;
    for (const QString &key : keys) {
        const auto value = await(store->read(key, {}));
        items[key] = value && *value ? QString::fromUtf8(**value) : QString();
    }
    return items;
}

/// A Testbed on a copy of that folder and that keychain, at the time when they were written.
struct OldFolder {
    Testbed bed;
    QJsonObject keychain;
    QJsonObject list;

    OldFolder()
    {
        const QDir from(fixture());
        QDirIterator files(from.path(), QDir::Files, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            const QString path = files.next();
            const QString to = bed.folder.filePath(from.relativeFilePath(path));
            QDir().mkpath(QFileInfo(to).path());
            QFile::remove(to);
            QFile::copy(path, to);
            QFile::setPermissions(to, QFile::ReadOwner | QFile::WriteOwner);
        }
        QFile::remove(bed.folder.filePath(u"keychain.json"_s));
        keychain = QJsonDocument::fromJson(contentOf(from.filePath(u"keychain.json"_s))).object();
        list = readList();
        for (auto item = keychain.begin(); item != keychain.end(); ++item) {
            await(bed.secrets.write(item.key(), item.value().toString().toUtf8(), {}));
        }
        const QJsonArray entries = list["connections"_L1].toArray();
        const QDateTime then =
            QDateTime::fromString(entries.first()["authorizedAt"_L1].toString(), Qt::ISODateWithMs);
        bed.clock.advance(std::chrono::milliseconds(bed.clock.now().msecsTo(then) + 60'000));
        bed.restart();
    }
    QJsonObject readList() const
    {
        return QJsonDocument::fromJson(contentOf(bed.folder.filePath(u"mooring/connections.json"_s)))
            .object();
    }
    std::shared_ptr<Connection> named(const QString &name) const
    {
        return bed.list->find(name).value_or(nullptr);
    }
};

/// Of each entry of a list, by its id.
QHash<QString, QJsonObject> entries(const QJsonObject &list, QLatin1StringView name)
{
    QHash<QString, QJsonObject> all;
    for (const QJsonValue entry : list[name].toArray()) {
        all.insert(entry["id"_L1].toString(), entry.toObject());
    }
    return all;
}

} // namespace

class TestOldFolder final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void losesNoSignIn();
    void readsTheRest();
    void writesWhatTheOldOneReads();
};

void TestOldFolder::losesNoSignIn()
{
    OldFolder old;
    QCOMPARE(old.bed.list->connections().size(), 4);
    int signIns = 0;
    for (const auto &connection : old.bed.list->connections()) {
        if (connection->state().isSignedIn) {
            const auto token = await(connection->accessToken({}));
            QVERIFY2(token, token ? "" : qPrintable(token.error().sentence));
            QVERIFY(token->token.reveal().startsWith("canary-token-"));
            ++signIns;
        }
    }
    QCOMPARE(signIns, 1);
    QCOMPARE(old.named(u"Key"_s)->state().phase, connections::Phase::ApiKey);
    QCOMPARE(old.bed.list->revocations().all().size(), 1);
}

void TestOldFolder::readsTheRest()
{
    OldFolder old;
    GrantStore grants(old.bed.secrets, storage::Profile().keychainPrefix());
    const auto key = await(grants.readHeaderKey(old.named(u"Key"_s)->id(), {}));
    QVERIFY(key && *key);
    QCOMPARE((*key)->headerName, u"X-Api-Key"_s);
    QCOMPARE((*key)->value.reveal(), "canary-key-of-header"_ba);
    const auto signedIn = old.named(u"Signed in"_s);
    QVERIFY(signedIn->registration());
    QVERIFY(signedIn->registration()->hasSecret);
    const auto secrets = await(grants.readClientSecrets(signedIn->record().registrationId, {}));
    QVERIFY(secrets && !secrets->clientSecret.isEmpty());
    QVERIFY(old.named(u"Address"_s)->record().url.toString().contains(u"tvly-canary-0123456789"_s));
    QCOMPARE(signedIn->headers().size(), 0);
    QCOMPARE(old.named(u"Key"_s)->headers().size(), 1);
}

void TestOldFolder::writesWhatTheOldOneReads()
{
    OldFolder old;
    const QList<std::shared_ptr<Connection>> all = old.bed.list->connections();
    for (const auto &connection : all) {
        QVERIFY(await(connection->rename(connection->record().name + u" again"_s, {})));
    }
    // Not an item of the keychain has changed, and none is new.
    QCOMPARE(keychainOf(&old.bed.secrets, old.bed.secrets.keys()), old.keychain);
    const QJsonObject now = old.readList();
    QCOMPARE(now["schemaVersion"_L1], old.list["schemaVersion"_L1]);
    for (const QLatin1StringView name : {"connections"_L1, "registrations"_L1, "revocations"_L1}) {
        const QHash<QString, QJsonObject> before = entries(old.list, name);
        const QHash<QString, QJsonObject> after = entries(now, name);
        QCOMPARE(after.size(), before.size());
        for (auto entry = before.begin(); entry != before.end(); ++entry) {
            QJsonObject written = after.value(entry.key());
            if (name == "connections"_L1) {
                QCOMPARE(written["name"_L1].toString(), entry.value()["name"_L1].toString() + u" again"_s);
                written["name"_L1] = entry.value()["name"_L1];
            }
            // Every member means what it meant; there is none that it doesn't know.
            QCOMPARE(written, entry.value());
        }
    }
    // With further headers there are new members, and the old ones stay as they were.
    const auto signedIn = old.named(u"Signed in again"_s);
    QVERIFY(await(signedIn->setHeaders({{u"X-Gateway-Key"_s, base::Secret("canary-gate"), true}}, {})));
    QJsonObject written = entries(old.readList(), "connections"_L1).value(signedIn->id());
    QVERIFY(written.contains("headers"_L1));
    written["name"_L1] = u"Signed in"_s;
    const QJsonObject before = entries(old.list, "connections"_L1).value(signedIn->id());
    for (auto member = before.begin(); member != before.end(); ++member) {
        QCOMPARE(written[member.key()], member.value());
    }
    for (auto item = old.keychain.begin(); item != old.keychain.end(); ++item) {
        QCOMPARE(keychainOf(&old.bed.secrets, {item.key()})[item.key()], item.value());
    }
}

QTEST_GUILESS_MAIN(TestOldFolder)
#include "tst_oldfolder.moc"
