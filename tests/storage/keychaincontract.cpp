// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "keychaincontract.h"

#include "support/await.h"

#include <QTest>

namespace mooring::storage {

using namespace Qt::StringLiterals;
using support::await;

void KeychainContract::tellsWhatProgramItIs()
{
    const KeychainReport report = await(keychain().look({}));
    QCOMPARE(report.detail, QString());
    QCOMPARE(report.state, KeychainState::Unlocked);
    QCOMPARE(report.program, expectedProgram());
    QCOMPARE(keychain().program(), expectedProgram());
    QVERIFY(!report.identity.isEmpty());
}

void KeychainContract::saysThatAMissingItemIsNotThere()
{
    QCOMPARE(await(keychain().look(u"contract/missing"_s)).state, KeychainState::Unlocked);
    QCOMPARE(await(keychain().read(u"contract/missing"_s, {})).outcome, JobOutcome::NotFound);
    const JobOutcome removed = await(keychain().remove(u"contract/missing"_s, {})).outcome;
    QVERIFY(removed == JobOutcome::NotFound || removed == JobOutcome::Done);
}

void KeychainContract::readsBackWhatWasWritten_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("short") << u"a"_s;
    QTest::newRow("base64url") << u"eyJhIjoxfQ-_"_s;
    QTest::newRow("not Latin") << u"Schl\u00fcssel \u93d1"_s;
    QTest::newRow("large") << QString(100 * 1024, u'x');
}

void KeychainContract::readsBackWhatWasWritten()
{
    QFETCH(QString, text);
    const QString key = u"contract/value"_s;
    QCOMPARE(await(keychain().write(key, text, u"Mooring: test"_s, {})).outcome, JobOutcome::Done);
    QCOMPARE(await(keychain().look(key)).state, KeychainState::Unlocked);
    const JobResult read = await(keychain().read(key, {}));
    QCOMPARE(read.outcome, JobOutcome::Done);
    QCOMPARE(read.text, text);
}

void KeychainContract::overwritesInPlace()
{
    const QString key = u"contract/overwritten"_s;
    for (const QString &text : {u"first"_s, u"second"_s, u"third"_s}) {
        QCOMPARE(await(keychain().write(key, text, u"Mooring: test"_s, {})).outcome, JobOutcome::Done);
        QCOMPARE(await(keychain().read(key, {})).text, text);
    }
    QCOMPARE(await(keychain().remove(key, {})).outcome, JobOutcome::Done);
    QCOMPARE(await(keychain().read(key, {})).outcome, JobOutcome::NotFound); // there was but one
}

void KeychainContract::keepsKeysApart()
{
    QCOMPARE(await(keychain().write(u"contract/k"_s, u"short"_s, u"Mooring"_s, {})).outcome,
             JobOutcome::Done);
    QCOMPARE(await(keychain().write(u"contract/k2"_s, u"long"_s, u"Mooring"_s, {})).outcome,
             JobOutcome::Done);
    QCOMPARE(await(keychain().read(u"contract/k"_s, {})).text, u"short"_s);
    QCOMPARE(await(keychain().read(u"contract/k2"_s, {})).text, u"long"_s);
}

void KeychainContract::removesAnItem()
{
    const QString key = u"contract/removed"_s;
    QCOMPARE(await(keychain().write(key, u"text"_s, u"Mooring"_s, {})).outcome, JobOutcome::Done);
    QCOMPARE(await(keychain().remove(key, {})).outcome, JobOutcome::Done);
    QCOMPARE(await(keychain().read(key, {})).outcome, JobOutcome::NotFound);
}

void KeychainContract::takesAnotherLabel()
{
    const QString key = u"contract/labelled"_s;
    QCOMPARE(await(keychain().write(key, u"text"_s, u"Mooring: One"_s, {})).outcome, JobOutcome::Done);
    await(keychain().relabel(key, u"Mooring: Two"_s));
    QCOMPARE(await(keychain().read(key, {})).text, u"text"_s);
}

void KeychainContract::believesNothingWhileItIsLocked()
{
    const QString key = u"contract/locked"_s;
    QCOMPARE(await(keychain().write(key, u"text"_s, u"Mooring"_s, {})).outcome, JobOutcome::Done);
    lockFromOutside();
    const KeychainState state = await(keychain().look(key)).state;
    QVERIFY(state == KeychainState::Locked || state == KeychainState::Asks);
    if (state == KeychainState::Locked) {
        QVERIFY(await(keychain().read(key, {})).outcome != JobOutcome::NotFound);
        QVERIFY(await(keychain().remove(key, {})).outcome != JobOutcome::NotFound);
        QVERIFY(await(keychain().write(key, u"other"_s, u"Mooring"_s, {})).outcome != JobOutcome::Done);
    }
    unlockFromOutside();
    QCOMPARE(await(keychain().look(key)).state, KeychainState::Unlocked);
    QCOMPARE(await(keychain().read(key, {})).text, u"text"_s);
}

} // namespace mooring::storage
