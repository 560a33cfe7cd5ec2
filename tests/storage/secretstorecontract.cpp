// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "secretstorecontract.h"

#include "support/await.h"

#include <QTest>

namespace mooring::storage {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::KeychainCase;
using base::Result;
using support::await;
using Value = std::optional<QByteArray>;

void SecretStoreContract::saysThatAMissingItemIsNotThere()
{
    const Result<Value> value = await(store().read(u"contract/never-written"_s, {}));
    QVERIFY(value);
    QVERIFY(!value->has_value());
}

void SecretStoreContract::readsBackWhatWasWritten_data()
{
    QTest::addColumn<QByteArray>("value");
    QByteArray allBytes;
    for (int byte = 0; byte < 256; ++byte) {
        allBytes += static_cast<char>(byte);
    }
    QTest::newRow("text") << QByteArray("{\"a\":1}");
    QTest::newRow("one byte") << QByteArray("x");
    QTest::newRow("empty") << QByteArray("");
    QTest::newRow("zero in the middle") << QByteArray("a\0b", 3);
    QTest::newRow("all bytes") << allBytes;
    QTest::newRow("2500 bytes") << QByteArray(2500, '\xff');
    QTest::newRow("the largest") << QByteArray(store().maximumValueSize(), 'm');
}

void SecretStoreContract::readsBackWhatWasWritten()
{
    QFETCH(QByteArray, value);
    QVERIFY(await(store().write(u"contract/value"_s, value, {})));
    const Result<Value> readBack = await(store().read(u"contract/value"_s, {}));
    QVERIFY(readBack);
    QVERIFY(readBack->has_value());
    QCOMPARE(**readBack, value);
}

void SecretStoreContract::replacesAValue()
{
    QVERIFY(await(store().write(u"contract/replaced"_s, "a longer first value", {})));
    QVERIFY(await(store().write(u"contract/replaced"_s, "second", {})));
    QCOMPARE(await(store().read(u"contract/replaced"_s, {})).value(), Value("second"));
}

void SecretStoreContract::keepsKeysApart()
{
    QVERIFY(await(store().write(u"contract/key"_s, "head", {})));
    QVERIFY(await(store().write(u"contract/key/1.0"_s, "part", {})));
    QVERIFY(await(store().write(u"contract/ke"_s, "other", {})));
    QVERIFY(await(store().remove(u"contract/key"_s, {})));
    QCOMPARE(await(store().read(u"contract/key"_s, {})).value(), Value());
    QCOMPARE(await(store().read(u"contract/key/1.0"_s, {})).value(), Value("part"));
    QCOMPARE(await(store().read(u"contract/ke"_s, {})).value(), Value("other"));
}

void SecretStoreContract::removesAnItem()
{
    QVERIFY(await(store().write(u"contract/removed"_s, "value", {})));
    QVERIFY(await(store().remove(u"contract/removed"_s, {})));
    QCOMPARE(await(store().read(u"contract/removed"_s, {})).value(), Value());
}

void SecretStoreContract::removesAnItemThatIsNotThere()
{
    QVERIFY(await(store().remove(u"contract/never-written"_s, {})));
}

void SecretStoreContract::refusesAValueThatIsTooLarge()
{
    QVERIFY(await(store().write(u"contract/large"_s, "small", {})));
    const QByteArray tooLarge(store().maximumValueSize() + 1, 'm');
    const Result<void> written = await(store().write(u"contract/large"_s, tooLarge, {}));
    QVERIFY(!written);
    QCOMPARE(written.error().keychainCase, KeychainCase::TooLarge);
    QCOMPARE(await(store().read(u"contract/large"_s, {})).value(), Value("small"));
}

void SecretStoreContract::neverTakesALockedItemForAMissingOne()
{
    const QString key = u"contract/locked"_s;
    QVERIFY(await(store().write(key, "kept", {})));
    lockFromOutside();

    const Result<Value> value = await(store().read(key, {}));
    QVERIFY(!value);
    QCOMPARE(value.error().kind, ErrorKind::Keychain);
    QCOMPARE(value.error().keychainCase, KeychainCase::Locked);
    QVERIFY(!value.error().sentence.isEmpty());
    const Result<Value> missing = await(store().read(u"contract/never-written"_s, {}));
    QVERIFY(!missing);
    QCOMPARE(missing.error().keychainCase, KeychainCase::Locked);
    const Result<void> written = await(store().write(key, "lost", {}));
    QVERIFY(!written);
    QCOMPARE(written.error().keychainCase, KeychainCase::Locked);
    const Result<void> removed = await(store().remove(key, {}));
    QVERIFY(!removed);
    QCOMPARE(removed.error().keychainCase, KeychainCase::Locked);
    const Result<void> usable = await(store().checkUsable({}, Asking::IfNeeded, {}));
    QVERIFY(!usable);
    QCOMPARE(usable.error().keychainCase, KeychainCase::Locked);

    unlockFromOutside();
    QVERIFY(await(store().checkUsable({}, Asking::IfNeeded, {})));
    const Result<Value> kept = await(store().read(key, {}));
    QVERIFY2(kept, kept ? "" : qPrintable(kept.error().detail));
    QCOMPARE(*kept, Value("kept"));
}

void SecretStoreContract::endsAWaitThatIsStopped()
{
    std::stop_source stop;
    stop.request_stop();
    const Result<Value> value = await(store().read(u"contract/stopped"_s, stop.get_token()));
    QVERIFY(!value);
    QCOMPARE(value.error().kind, ErrorKind::Cancelled);
    const Result<void> written = await(store().write(u"contract/stopped"_s, "x", stop.get_token()));
    QVERIFY(!written);
    QCOMPARE(written.error().kind, ErrorKind::Cancelled);
    await(store().settled(u"contract/stopped"_s));
    QCOMPARE(await(store().read(u"contract/stopped"_s, {})).value(), Value());
}

void SecretStoreContract::servesManyAtOnce()
{
    std::vector<base::Task<Result<void>>> writes;
    for (int i = 0; i < 20; ++i) {
        writes.push_back(store().write(u"contract/many/%1"_s.arg(i), QByteArray::number(i), {}));
    }
    for (base::Task<Result<void>> &write : writes) {
        QVERIFY(await(std::move(write)));
    }
    for (int i = 0; i < 20; ++i) {
        QCOMPARE(await(store().read(u"contract/many/%1"_s.arg(i), {})).value(), Value(QByteArray::number(i)));
    }
}

void SecretStoreContract::settlesWhenNothingRuns()
{
    await(store().settled(u"contract/settled"_s)); // at once: nothing runs
    base::Task<Result<void>> write = store().write(u"contract/settled/1.0"_s, "value", {});
    await(store().settled(u"contract/settled"_s));
    QVERIFY(write.isReady());
    QVERIFY(await(std::move(write)));
}

void SecretStoreContract::isUsable()
{
    QVERIFY(await(store().checkUsable({}, Asking::IfNeeded, {})));
    QVERIFY(await(store().unlock({}))); // nothing to ask, so no prompt
    QVERIFY(store().maximumValueSize() > 200);
    QVERIFY(!store().description().isEmpty());
}

} // namespace mooring::storage
