// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/addserverdialog.h"
#include "ui/mainview.h"
#include "ui/preferencesdialog.h"
#include "ui/samples.h"
#include "ui/signinsettingsdialog.h"
#include "ui/smalldialogs.h"

#include <QLabel>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;
using ui::ConnectionPage;

namespace {

/// Much more than a person notices, but far below the second that an uncut text costs.
constexpr qint64 maximumStall = 700;

ui::ConnectionDetails hostile(const QString &text)
{
    ui::ConnectionDetails details = uitests::samples().first().details;
    connections::ConnectionRecord &record = details.view.record;
    record.name = text;
    record.accountLabel = text;
    record.headerName = text;
    record.scopesGranted = {text, text};
    details.view.state.phase = connections::Phase::Stopped;
    details.view.state.error = base::makeError(base::ErrorKind::RefusedByPolicy, text, text);
    details.tokensKeptIn = text;
    details.activity = {{uitests::sampleNow(), text}};
    details.server = mcp::ServerInfo{text, text, text, mcp::Era::Stateless};
    details.tools = QList<mcp::Tool>{{text, text, text, QJsonObject{{u"a"_s, text}}}};
    details.report->steps.first().learnt = text;
    details.report->steps.first().detail = text;
    details.report->error = base::makeError(base::ErrorKind::Protocol, text, text);
    return details;
}

QString complaintAbout(const QWidget *root)
{
    const QList<QLabel *> labels = root->findChildren<QLabel *>();
    for (const QLabel *label : labels) {
        if (label->textFormat() != Qt::PlainText) {
            return u"a label that is not plain: "_s + label->objectName() + label->text().left(60);
        }
        for (const QChar c : label->text()) {
            const bool isBidi = (c >= u'\u202A' && c <= u'\u202E') || (c >= u'\u2066' && c <= u'\u2069');
            if (isBidi || (c.category() == QChar::Other_Control && c != u'\n')) {
                return u"a label with control characters"_s;
            }
        }
    }
    const QList<QWidget *> all = root->findChildren<QWidget *>();
    for (const QWidget *widget : all) {
        if (widget->toolTip().contains(u'<')) {
            return u"a tool tip that may be taken for markup"_s;
        }
    }
    return {};
}

} // namespace

class TstHostileText final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void isOnlyText_data();
    void isOnlyText();
    void dialogsArePlain();
};

void TstHostileText::isOnlyText_data()
{
    QTest::addColumn<QString>("text");
    int number = 0;
    const QStringList texts = uitests::hostileTexts();
    for (const QString &text : texts) {
        QTest::addRow("text %d", ++number) << text;
    }
}

// Matrix: 22 AUT
void TstHostileText::isOnlyText()
{
    QFETCH(const QString, text);
    ui::ConnectionModel model(&uitests::sampleNow);
    ui::MainView view(model, &uitests::sampleNow, true);
    view.resize(1000, 700);
    view.show();
    const ui::ConnectionDetails details = hostile(text);
    QElapsedTimer stall;
    stall.start();
    model.put(details.view);
    view.select(details.view.record.id);
    view.setDetails(details);
    for (const auto tab : {ConnectionPage::SignInTab, ConnectionPage::ToolsTab, ConnectionPage::ActivityTab,
                           ConnectionPage::ReportTab}) {
        view.page()->openTab(tab);
        QVERIFY(!view.grab().isNull());
    }
    ui::ConnectionDetails asked = details;
    asked.clientNeeded = oauth::ClientNeeded{text, text};
    asked.clientProblem = text;
    view.setDetails(asked);
    QVERIFY(!view.grab().isNull());
    QCOMPARE(complaintAbout(&view), QString());
    for (const char16_t *remedy : {oauth::remedies::acceptsNewIssuer, oauth::remedies::omitsResource}) {
        ui::ConnectionDetails offered = details;
        offered.view.state.phase = connections::Phase::Stopped;
        offered.view.state.error->remedy = QString::fromUtf16(remedy);
        offered.view.state.error->host = text;
        view.setDetails(offered);
        QVERIFY(!view.grab().isNull());
        QCOMPARE(complaintAbout(&view), QString());
    }
    view.messages()->show(*details.view.state.error);
    QVERIFY(!view.grab().isNull());
    QVERIFY2(stall.elapsed() < maximumStall * 6, qPrintable(QString::number(stall.elapsed())));
    QCOMPARE(complaintAbout(&view), QString());
    QVERIFY(view.minimumSizeHint().width() < 1000);
}

void TstHostileText::dialogsArePlain()
{
    const QString text = uitests::hostileTexts().first();
    const ui::ConnectionView view = hostile(text).view;
    const std::unique_ptr<QDialog> dialogs[] = {
        std::unique_ptr<QDialog>(ui::makeDisconnectConfirmation(view, nullptr)),
        std::unique_ptr<QDialog>(ui::makeRemoveConfirmation(view, nullptr)),
        std::unique_ptr<QDialog>(ui::makeForceRemoveConfirmation(view, text, nullptr)),
        std::unique_ptr<QDialog>(ui::makeAboutDialog(nullptr)),
        std::make_unique<ui::KeyDialog>(view),
        std::make_unique<ui::RenameDialog>(view),
        std::make_unique<ui::AccountDialog>(view),
        std::make_unique<ui::PreferencesDialog>(text),
        std::make_unique<ui::SignInSettingsDialog>(view, false),
    };
    for (const std::unique_ptr<QDialog> &dialog : dialogs) {
        dialog->setAttribute(Qt::WA_DeleteOnClose, false);
        dialog->show();
        QVERIFY(!dialog->grab().isNull());
        QCOMPARE(complaintAbout(dialog.get()), QString());
    }
}

QTEST_MAIN(TstHostileText)
#include "tst_hostiletext.moc"
