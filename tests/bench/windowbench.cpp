// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// For how long the window's event loop comes to nothing else while hostile texts are shown. Prints one JSON
// object.
#include "support/hostiletexts.h"
#include "support/measures.h"
#include "ui/mainview.h"
#include "ui/samples.h"

#include <QApplication>
#include <QJsonDocument>

#include <cstdio>

using namespace Qt::StringLiterals;
using namespace mooring;
using ui::ConnectionPage;

namespace {

class Bench final {
public:
    Bench()
        : m_model(&uitests::sampleNow)
        , m_view(m_model, &uitests::sampleNow, true)
    {
        m_view.resize(1000, 700);
        m_view.show();
    }

    /// Whatever is made once is made by the first one.
    void show(const ui::ConnectionDetails &details, const QByteArray &name)
    {
        step(name, [&] { m_model.put(details.view); });
        step(name, [&] { m_view.select(details.view.record.id); });
        step(name, [&] { m_view.setDetails(details); });
        for (const auto tab : {ConnectionPage::ToolsTab, ConnectionPage::ActivityTab,
                               ConnectionPage::ReportTab, ConnectionPage::SignInTab}) {
            step(name, [&] { m_view.page()->openTab(tab); });
        }
        step(name, [&] { m_view.messages()->show(*details.view.state.error); });
    }
    void forget() { m_longest = 0; }
    qint64 longest() const { return m_longest; }
    QByteArray slowest() const { return m_slowest; }

private:
    void step(const QByteArray &name, const std::function<void()> &what)
    {
        m_meter.restart();
        what();
        // Once for what that has posted, and once for the look at the clock behind it.
        QCoreApplication::processEvents();
        QCoreApplication::processEvents();
        if (m_meter.longestUs() > m_longest) {
            m_longest = m_meter.longestUs();
            m_slowest = name;
        }
    }

    ui::ConnectionModel m_model;
    ui::MainView m_view;
    support::StallMeter m_meter;
    qint64 m_longest = 0;
    QByteArray m_slowest;
};

} // namespace

int main(int argc, char *argv[])
{
    const QApplication app(argc, argv);
    Bench bench;
    for (int round = 0; round < 3; ++round) {
        bench.show(uitests::hostileDetails(u"harmless"_s), "harmless");
        if (round == 0) {
            bench.forget();
        }
    }
    const qint64 harmless = bench.longest();
    bench.forget();
    for (const support::HostileText &one : support::hostileTexts()) {
        bench.show(uitests::hostileDetails(one.text), one.name);
    }
    bench.show(uitests::longDetails(), "long lists");
    const QJsonObject figures{{u"bench"_s, u"hostile texts"_s},
                              {u"texts"_s, support::hostileTexts().size()},
                              {u"harmless"_s, double(harmless) / 1000},
                              {u"longest"_s, double(bench.longest()) / 1000},
                              {u"slowest"_s, QString::fromLatin1(bench.slowest())}};
    std::printf("%s\n", QJsonDocument(figures).toJson(QJsonDocument::Compact).constData());
    return 0;
}
