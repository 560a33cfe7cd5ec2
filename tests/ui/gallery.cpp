// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Shows the window's parts with values made by hand: every state, light and dark, wide and narrow.
// `mooring-gallery --shots DIR` writes pictures of all of them and ends.
#include "support/await.h"
#include "ui/adding/addserverdialog.h"
#include "ui/dialogs/aboutdialog.h"
#include "ui/dialogs/accountdialog.h"
#include "ui/dialogs/confirmations.h"
#include "ui/dialogs/keydialog.h"
#include "ui/dialogs/preferencesdialog.h"
#include "ui/dialogs/signinsettingsdialog.h"
#include "ui/mainview.h"
#include "ui/samples.h"
#include "ui/widgets/fieldframes.h"

#include <QApplication>
#include <QComboBox>
#include <QCommandLineParser>
#include <QDir>
#include <QMenu>
#include <QScrollArea>
#include <QScrollBar>
#include <QTest>
#include <QToolButton>

#include <cstdio>

using namespace Qt::StringLiterals;
using namespace mooring;

namespace {

struct Look {
    QString name;
    QPalette palette;
    QSize size;
};

QList<Look> looks()
{
    return {
        {u"light"_s, uitests::lightPalette(), QSize(1280, 800)},
        {u"dark"_s, uitests::darkPalette(), QSize(1280, 800)},
        {u"narrow"_s, uitests::lightPalette(), QSize(480, 760)},
        {u"contrast"_s, uitests::highContrastPalette(), QSize(1280, 800)},
    };
}

bool save(QWidget &widget, const QString &folder, const QString &name)
{
    // Nested layouts settle one level per turn of the event loop.
    for (int turn = 0; turn < 5; ++turn) {
        QCoreApplication::processEvents();
    }
    const bool saved = widget.grab().save(folder + u'/' + name + u".png"_s);
    std::printf("%s %s\n", saved ? "wrote" : "could not write", qPrintable(name));
    return saved;
}

bool shootWindow(const Look &look, const QString &folder)
{
    bool good = true;
    ui::ConnectionModel model(&uitests::sampleNow);
    model.reset(uitests::sampleViews());
    ui::MainView view(model, &uitests::sampleNow, false);
    QMenu menu;
    QObject::connect(&view, &ui::MainView::pageMade, &menu,
                     [&menu](ui::ConnectionPage *page) { page->setMenu(&menu); });
    view.resize(look.size);
    view.show();
    QCoreApplication::processEvents();
    good &= save(view, folder, look.name + u"-list"_s);
    const QList<uitests::Sample> all = uitests::samples();
    for (const uitests::Sample &sample : all) {
        view.select(sample.details.view.record.id);
        view.setDetails(sample.details);
        view.page()->openTab(ui::ConnectionPage::SignInTab);
        view.showPage();
        good &= save(view, folder, look.name + u'-' + sample.title);
    }
    view.select(all.first().details.view.record.id);
    view.page()->setDetails(all.first().details);
    view.page()->openTab(ui::ConnectionPage::ToolsTab);
    good &= save(view, folder, look.name + u"-tools"_s);
    view.page()->openTab(ui::ConnectionPage::ActivityTab);
    good &= save(view, folder, look.name + u"-activity"_s);
    view.page()->setDetails(uitests::longDetails());
    QCoreApplication::processEvents();
    const auto areas = view.findChildren<QScrollArea *>();
    for (QScrollArea *area : areas) {
        if (area->isVisible()) {
            area->verticalScrollBar()->setValue(area->verticalScrollBar()->maximum());
        }
    }
    good &= save(view, folder, look.name + u"-activity-long"_s);
    view.page()->setDetails(all.first().details);
    view.page()->openTab(ui::ConnectionPage::ReportTab);
    good &= save(view, folder, look.name + u"-report"_s);
    view.findChild<QToolButton *>(u"stepDetailsButton"_s)->click();
    good &= save(view, folder, look.name + u"-report-unfolded"_s);
    view.messages()->show({text::Tone::Good,
                           u"Disconnected from Linear. mcp.linear.app has ended the sign-in."_s,
                           u"detail"_s});
    view.page()->openTab(ui::ConnectionPage::SignInTab);
    good &= save(view, folder, look.name + u"-message"_s);
    return good;
}

bool shootEmpty(const Look &look, const QString &folder)
{
    ui::ConnectionModel model(&uitests::sampleNow);
    ui::MainView view(model, &uitests::sampleNow, true);
    model.reset({});
    view.resize(look.size);
    view.show();
    return save(view, folder, look.name + u"-empty-demo"_s);
}

/// The look at a server that is already over.
base::Task<mcp::ProbeReport> fakeProbe(QUrl url, QList<connections::TypedHeader>, oauth::SignInSettings,
                                       http::StepSink sink, std::stop_token)
{
    mcp::ProbeReport report = uitests::sampleReport();
    if (url.host().startsWith("key"_L1)) {
        report.verdict = mcp::ProbeReport::Verdict::NeedsKey;
        report.discovery.reset();
        report.steps = report.steps.first(1);
        report.steps.first().learnt = u"The server lets in only those it knows"_s;
    } else if (url.host().startsWith("nopkce"_L1)) {
        report.verdict = mcp::ProbeReport::Verdict::SignInUnusable;
        report.discovery.reset();
        report.steps = report.steps.first(1);
        report.error =
            base::makeError(base::ErrorKind::RefusedByPolicy,
                            u"nopkce.example doesn't say that it protects sign-ins against theft."_s, {},
                            u"nopkce.example"_s);
        report.error->remedy = QString::fromUtf16(oauth::remedies::toleratesMissingPkce);
    } else if (url.host().startsWith("web"_L1)) {
        report.verdict = mcp::ProbeReport::Verdict::NotMcp;
        report.error = base::makeError(base::ErrorKind::Protocol,
                                       u"There is a web page at this address, but no MCP server."_s);
        report.steps = {{u"There is a web page, but no MCP server"_s,
                         http::Step::Outcome::Failed,
                         "POST",
                         url,
                         200,
                         std::chrono::milliseconds(120),
                         {}}};
    }
    co_await base::yieldToEventLoop();
    for (const http::Step &step : report.steps) {
        sink(step);
    }
    co_return report;
}

base::Task<base::Result<void>> fakeKeychain(bool isThere)
{
    co_await base::yieldToEventLoop();
    if (isThere) {
        co_return base::Result<void>();
    }
    co_return base::failed(
        base::keychainError(base::KeychainCase::Missing,
                            u"There is no keychain in this session, so the sign-in can't be kept."_s));
}

base::Task<base::Result<QString>> fakeAdd(connections::NewConnection)
{
    co_await base::yieldToEventLoop();
    co_return base::Result<QString>(u"new"_s);
}

bool shootDialog(const QString &folder, const QString &name, const QString &text, bool keychainIsThere,
                 bool withDetails = false)
{
    base::TaskScope tasks;
    bool good = false;
    {
        ui::AddServices services{&fakeProbe,
                                 [](const QUrl &url) -> std::optional<ui::ExistingConnection> {
                                     return url.host() == "twice.example"_L1
                                                ? std::optional(
                                                      ui::ExistingConnection{u"id"_s, u"Linear"_s, true})
                                                : std::nullopt;
                                 },
                                 &fakeAdd,
                                 [keychainIsThere] { return fakeKeychain(keychainIsThere); },
                                 u"GNOME Keyring"_s,
                                 tasks};
        ui::AddServerDialog dialog(std::move(services));
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        dialog.show();
        dialog.setAddress(text);
        support::giveTimeFor(std::chrono::milliseconds(500)); // longer than DebouncedProbe::pause
        if (withDetails) {
            dialog.findChild<QAbstractButton *>(u"detailsButton"_s)->click();
        }
        good = save(dialog, folder, name);
    }
    QCoreApplication::processEvents();
    return good;
}

bool shootDialogs(const Look &look, const QString &folder)
{
    const QString url = u"https://mcp.linear.app/mcp"_s;
    bool good = shootDialog(folder, look.name + u"-add-empty"_s, {}, true);
    good &= shootDialog(folder, look.name + u"-add-signin"_s, url, true);
    good &= shootDialog(folder, look.name + u"-add-details"_s, url, true, true);
    good &= shootDialog(folder, look.name + u"-add-nokeychain"_s, url, false);
    good &= shootDialog(folder, look.name + u"-add-key"_s, u"https://key.example/mcp"_s, true);
    good &= shootDialog(folder, look.name + u"-add-notmcp"_s, u"https://web.example/"_s, true);
    good &= shootDialog(folder, look.name + u"-add-offer"_s, u"https://nopkce.example/mcp"_s, true);
    good &= shootDialog(folder, look.name + u"-add-exists"_s, u"https://twice.example/mcp"_s, true);
    good &= shootDialog(folder, look.name + u"-add-nourl"_s, u"http://mcp.example.com"_s, true);
    good &= shootDialog(
        folder, look.name + u"-add-snippet"_s,
        uR"({"mcpServers": {"a": {"url": "https://a.example/mcp", "headers": {"X-Key": "${MY_KEY}"}},
                            "b": {"url": "https://b.example/mcp"}}})"_s,
        true);
    const uitests::Sample first = uitests::samples().first();
    const std::unique_ptr<QDialog> question(ui::makeDisconnectConfirmation(first.details.view, nullptr));
    question->setAttribute(Qt::WA_DeleteOnClose, false);
    question->show();
    good &= save(*question, folder, look.name + u"-disconnect"_s);
    ui::KeyDialog key(first.details.view);
    key.setAttribute(Qt::WA_DeleteOnClose, false);
    key.show();
    good &= save(key, folder, look.name + u"-keydialog"_s);
    const std::unique_ptr<QDialog> about(ui::makeAboutDialog(nullptr));
    about->setAttribute(Qt::WA_DeleteOnClose, false);
    about->show();
    good &= save(*about, folder, look.name + u"-about"_s);
    return good;
}

bool shootSettings(const Look &look, const QString &folder)
{
    const text::ConnectionView view = uitests::samples().first().details.view;
    ui::SignInSettingsDialog settings(view, false);
    settings.setAttribute(Qt::WA_DeleteOnClose, false);
    if (look.size.width() < 600) {
        settings.resize(look.size);
    }
    settings.show();
    bool good = save(settings, folder, look.name + u"-settings"_s);
    settings.findChild<QComboBox *>(u"wayEditor"_s)->setCurrentIndex(1);
    settings.findChild<QLineEdit *>(u"clientIdField"_s)->setText(u"sk-1234"_s);
    settings.findChild<QAbstractButton *>(u"saveButton"_s)->click();
    good &= save(settings, folder, look.name + u"-settings-app"_s);
    settings.findChild<QComboBox *>(u"wayEditor"_s)->setCurrentIndex(0);
    settings.findChild<QLineEdit *>(u"redirect-portEditor"_s)->setText(u"http"_s);
    settings.resize(settings.width(), 1400);
    settings.findChild<QAbstractButton *>(u"saveButton"_s)->click();
    good &= save(settings, folder, look.name + u"-settings-advanced"_s);
    ui::PreferencesDialog preferences(u"https://mooring.example/client.json"_s);
    preferences.setAttribute(Qt::WA_DeleteOnClose, false);
    preferences.show();
    good &= save(preferences, folder, look.name + u"-preferences"_s);
    ui::AccountDialog account(view);
    account.setAttribute(Qt::WA_DeleteOnClose, false);
    account.show();
    return save(account, folder, look.name + u"-account"_s) && good;
}

bool shootAll(const QString &folder)
{
    QDir().mkpath(folder);
    bool good = true;
    const QList<Look> all = looks();
    for (const Look &look : all) {
        QApplication::setPalette(look.palette);
        good &= shootWindow(look, folder) && shootEmpty(look, folder) && shootDialogs(look, folder)
                && shootSettings(look, folder);
    }
    return good;
}

} // namespace

int main(int argc, char *argv[])
{
    QApplication app(argc, argv);
    const ui::FieldFrames frames(&app);
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedKingdom));
    QCommandLineParser parser;
    const QCommandLineOption shots(u"shots"_s, u"Write pictures of everything to this folder."_s,
                                   u"folder"_s);
    const QCommandLineOption dark(u"dark"_s, u"Show it dark."_s);
    parser.addOptions({shots, dark});
    parser.addHelpOption();
    parser.process(app);
    if (parser.isSet(shots)) {
        return shootAll(parser.value(shots)) ? 0 : 1;
    }
    app.setPalette(parser.isSet(dark) ? uitests::darkPalette() : uitests::lightPalette());
    ui::ConnectionModel model(&uitests::sampleNow);
    model.reset(uitests::sampleViews());
    ui::MainView view(model, &uitests::sampleNow, false);
    const QList<uitests::Sample> all = uitests::samples();
    QObject::connect(&view, &ui::MainView::currentChanged, &view, [&view, all](const QString &id) {
        for (const uitests::Sample &sample : all) {
            if (sample.details.view.record.id == id) {
                view.setDetails(sample.details);
            }
        }
    });
    view.resize(1120, 740);
    view.show();
    return QApplication::exec();
}
