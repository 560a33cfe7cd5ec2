// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Every text of the corpus in the add dialog: in what is pasted, in what the look finds, in what goes wrong.
#include "support/hostiletexts.h"
#include "ui/adding/addserverdialog.h"
#include "ui/samples.h"
#include "ui/surfaces.h"

#include <QAbstractButton>
#include <QJsonDocument>
#include <QLineEdit>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;

namespace {

base::Task<mcp::ProbeReport> probeThat(QString text, http::StepSink sink)
{
    mcp::ProbeReport report = *uitests::hostileDetails(text).report;
    co_await base::yieldToEventLoop();
    for (const http::Step &step : report.steps) {
        sink(step);
    }
    co_return report;
}

template <typename T>
base::Task<base::Result<T>> failThat(QString text)
{
    co_await base::yieldToEventLoop();
    co_return base::failed(base::keychainError(base::KeychainCase::Missing, text));
}

/// What an add dialog needs, where everybody says that text.
ui::AddServices servicesThat(const QString &text, base::TaskScope *tasks)
{
    return {
        [text](const QUrl &, const QList<connections::TypedHeader> &, const oauth::SignInSettings &,
               http::StepSink sink, const std::stop_token &) { return probeThat(text, std::move(sink)); },
        [text](const QUrl &url) -> std::optional<ui::ExistingConnection> {
            return url.path() == "/known"_L1 ? std::optional(ui::ExistingConnection{u"id"_s, text, true})
                                             : std::nullopt;
        },
        [text](const connections::NewConnection &) { return failThat<QString>(text); },
        [text] { return failThat<void>(text); },
        u"the keychain"_s,
        *tasks,
    };
}

QString snippetOf(const QString &text, const QString &path)
{
    const QJsonObject server{
        {u"url"_s, QString(u"https://mcp.hostile.example/"_s + path)},
        {u"headers"_s, QJsonObject{{text, text}, {u"X-"_s + text.left(5000), u"${"_s + text}}}};
    const QJsonObject servers{{text, server}, {u"other"_s, server}};
    return QString::fromUtf8(QJsonDocument(QJsonObject{{u"mcpServers"_s, servers}}).toJson());
}

} // namespace

class TstHostileSnippet final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void isOnlyText_data();
    void isOnlyText();

private:
    uitests::LocalFiles m_files;
};

void TstHostileSnippet::isOnlyText_data()
{
    QTest::addColumn<QString>("text");
    for (const support::HostileText &one : support::hostileTexts(m_files.plain())) {
        QTest::newRow(one.name.constData()) << one.text;
    }
}

// Proves: VT-17
void TstHostileSnippet::isOnlyText()
{
    QFETCH(const QString, text);
    base::TaskScope tasks;
    {
        ui::AddServerDialog dialog(servicesThat(text, &tasks));
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        dialog.show();
        auto *address = dialog.findChild<QLineEdit *>(u"addressField"_s);
        for (const QString &pasted : {snippetOf(text, u"mcp"_s), snippetOf(text, u"known"_s), text}) {
            dialog.setAddress(pasted);
            address->setModified(true);
            QCOMPARE(uitests::flawOnSurfaces(&dialog), QString());
            // The look, the keychain and the adding end one after the other.
            QTest::keyClick(address, Qt::Key_Return);
            dialog.findChild<QAbstractButton *>(u"detailsButton"_s)->click();
            QTRY_COMPARE(tasks.running(), 0);
            QCOMPARE(uitests::flawOnSurfaces(&dialog), QString());
        }
    }
    QVERIFY(!m_files.haveBeenOpened());
}

QTEST_MAIN(TstHostileSnippet)
#include "tst_hostilesnippet.moc"
