// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/addserverdialog.h"

#include "base/displaytext.h"
#include "ui/smalldialogs.h"

#include <QScrollArea>

namespace mooring::ui {

using namespace Qt::StringLiterals;
using Verdict = mcp::ProbeReport::Verdict;

namespace {

/// Whether a host is worth asking before Enter is pressed: "https://lin" is still being typed.
bool looksFinished(const QUrl &url)
{
    const QString host = url.host();
    return host == "localhost"_L1 || host.contains(u':') || (host.contains(u'.') && !host.endsWith(u'.'));
}

} // namespace

AddServerDialog::AddServerDialog(AddServices services, QWidget *parent)
    : QDialog(parent)
    , m_services(std::move(services))
    , m_widgets(this)
    , m_lookup(m_services.probe, m_services.tasks)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setObjectName(u"addServerDialog"_s);
    setWindowTitle(tr("Add a server"));
    m_judge.setSingleShot(true);
    m_judge.setInterval(ServerLookup::pause);
    m_widgets.detailsArea->hide();
    setUpConnections();
    refresh();
    resize(letters(this, 88), ems(this, 18));
    m_widgets.address->setFocus();
}

void AddServerDialog::setUpConnections()
{
    connect(m_widgets.address, &QLineEdit::textChanged, this, &AddServerDialog::onText);
    connect(&m_judge, &QTimer::timeout, this, [this] { showProblem(m_laterProblem); });
    for (QLineEdit *field :
         {m_widgets.address, m_widgets.name, m_widgets.headerName, m_widgets.headerValue}) {
        connect(field, &QLineEdit::returnPressed, this, &AddServerDialog::onEnter);
    }
    connect(m_widgets.headerName, &QLineEdit::textChanged, this, &AddServerDialog::refresh);
    connect(m_widgets.headerValue, &QLineEdit::textChanged, this, &AddServerDialog::refresh);
    connect(m_widgets.useKey, &QCheckBox::toggled, this, &AddServerDialog::refresh);
    connect(m_widgets.windowOnly, &QCheckBox::toggled, this, &AddServerDialog::refresh);
    connect(m_widgets.choice, &QComboBox::activated, this, &AddServerDialog::takeSnippetServer);
    connect(m_widgets.detailsButton, &QPushButton::toggled, m_widgets.detailsArea, &QWidget::setVisible);
    connect(m_widgets.primary, &QPushButton::clicked, this, &AddServerDialog::onPrimary);
    connect(m_widgets.secondary, &QPushButton::clicked, this,
            [this] { add(m_report && m_report->verdict == Verdict::Open && m_report->discovery, false); });
    connect(m_widgets.selectExisting, &QPushButton::clicked, this, [this] {
        Q_EMIT selectRequested(m_existingId);
        accept();
    });
    connect(m_widgets.secondAccount, &QPushButton::clicked, this, [this] {
        m_secondAccount = true;
        m_widgets.name->setFocus();
        lookAt(m_url);
    });
    connect(&m_lookup, &ServerLookup::started, this, &AddServerDialog::refresh);
    connect(&m_lookup, &ServerLookup::stepEnded, this, &AddServerDialog::onStep);
    connect(&m_lookup, &ServerLookup::finished, this, &AddServerDialog::onReport);
}

void AddServerDialog::setAddress(const QString &text)
{
    m_widgets.address->setText(text);
}

void AddServerDialog::onText()
{
    forget();
    m_snippet.clear();
    m_secondAccount = false;
    m_widgets.headerValue->clear();
    m_widgets.useKey->setChecked(false);
    m_widgets.choice->clear();
    m_widgets.note->setText({});
    const QString text = m_widgets.address->text();
    if (interop::looksLikeSnippet(text)) {
        onSnippet(text);
    } else if (!text.trimmed().isEmpty()) {
        takeAddress(text);
    }
    refresh();
}

void AddServerDialog::forget()
{
    m_lookup.stop();
    m_judge.stop();
    showProblem({});
    m_url.clear();
    m_existingId.clear();
    m_report.reset();
    m_goWhenReady = false;
    m_widgets.steps->clear();
    m_widgets.details->clear();
}

void AddServerDialog::onSnippet(const QString &text)
{
    const base::Result<QList<interop::SnippetServer>> servers = interop::parseSnippet(text);
    if (!servers) {
        m_laterProblem = servers.error().sentence;
        m_judge.start();
        return;
    }
    for (const interop::SnippetServer &server : *servers) {
        if (!server.isProgram) {
            m_snippet.append(server);
            const QString name = base::displayText(server.name, 60);
            m_widgets.choice->addItem(name.isEmpty() ? base::displayText(server.url, 60) : name);
        }
    }
    takeSnippetServer(0);
}

void AddServerDialog::takeSnippetServer(int index)
{
    forget();
    const interop::SnippetServer &server = m_snippet.at(index);
    QStringList notes;
    if (!server.placeholders.isEmpty()) {
        notes << tr("%1 stands for something of your own. It is taken as it is written; put the real value "
                    "in its "
                    "place.")
                     .arg(base::displayText(server.placeholders.join(u", "_s)));
    }
    if (!server.otherHeaders.isEmpty()) {
        notes << tr("Mooring sends one header; left out: %1.")
                     .arg(base::displayText(server.otherHeaders.join(u", "_s)));
    }
    m_widgets.note->setText(notes.join(u' '));
    m_widgets.useKey->setChecked(!server.headerName.isEmpty());
    m_widgets.headerName->setText(server.headerName.isEmpty() ? u"Authorization"_s
                                                              : base::displayText(server.headerName, 100));
    m_widgets.headerValue->setText(server.headerValue);
    takeAddress(server.url);
    if (!server.name.isEmpty() && m_existingId.isEmpty()) {
        m_suggestedName = base::displayText(server.name, 80);
        m_widgets.name->setText(m_suggestedName);
    }
    refresh();
}

void AddServerDialog::takeAddress(const QString &text)
{
    const base::Result<QUrl> url = http::UrlPolicy::parseTyped(text);
    if (!url) {
        m_laterProblem = url.error().sentence;
        m_judge.start();
        return;
    }
    m_url = *url;
    const auto existing = m_services.existing(m_url);
    QString suggestion = connections::nameFromUrl(m_url);
    if (existing) {
        m_existingId = existing->first;
        m_widgets.existsText->setText(
            tr("You have this server already: %1").arg(base::displayText(existing->second, 80)));
        suggestion = tr("%1 (second account)").arg(base::displayText(existing->second, 60));
    }
    if (m_widgets.name->text().isEmpty() || m_widgets.name->text() == m_suggestedName) {
        m_widgets.name->setText(suggestion);
        m_suggestedName = suggestion;
    }
    if (!existing && looksFinished(m_url)) {
        lookAt(m_url);
    }
}

void AddServerDialog::lookAt(const QUrl &url)
{
    m_report.reset();
    m_widgets.steps->clear();
    m_widgets.details->clear();
    const bool sendsKey = m_widgets.useKey->isChecked() && !key().isEmpty()
                          && isHeaderName(m_widgets.headerName->text().trimmed());
    QList<connections::TypedHeader> headers;
    if (sendsKey) {
        headers.append({m_widgets.headerName->text().trimmed(), key()});
    }
    m_lookup.look(url, headers, {});
    refresh();
}

void AddServerDialog::onEnter()
{
    if (m_judge.isActive()) {
        m_judge.stop();
        showProblem(m_laterProblem);
    } else if (m_url.isValid() && m_existingId.isEmpty() && !m_report) {
        m_goWhenReady = true;
        if (!m_lookup.isBusy()) {
            lookAt(m_url);
        }
        m_lookup.hurry();
    } else if (offer() != Offer::None) {
        onPrimary();
    }
    refresh();
}

void AddServerDialog::onStep(const http::Step &step)
{
    m_widgets.details->addStep(step);
    // Places that had nothing are for the report: the next one is tried anyway.
    if (step.outcome != http::Step::Outcome::NotThere) {
        m_widgets.steps->addStep(step);
    }
    refresh();
}

void AddServerDialog::onReport(const mcp::ProbeReport &report)
{
    m_report = report;
    if (m_widgets.steps->count() == 0) {
        for (const http::Step &step : report.steps) {
            onStep(step);
        }
    }
    if (report.error && report.verdict != Verdict::NeedsSignIn) {
        showProblem(report.error->sentence);
        // The step that failed often says the very same.
        m_widgets.steps->clear();
        for (const http::Step &step : report.steps) {
            if (step.outcome == http::Step::Outcome::Done) {
                m_widgets.steps->addStep(step);
            }
        }
    }
    if (report.verdict == Verdict::NeedsKey || report.verdict == Verdict::KeyRefused) {
        m_widgets.useKey->setChecked(true);
        m_widgets.headerValue->setFocus();
    }
    refresh();
    if (report.verdict == Verdict::NeedsSignIn) {
        m_services.tasks.run(waitForKeychain(this, m_services.checkKeychain()));
    }
    const bool go = std::exchange(m_goWhenReady, false);
    if (go && report.verdict != Verdict::NeedsSignIn && offer() == Offer::Add) {
        onPrimary();
    } else if (go && offer() == Offer::Authorize) {
        // Not before it is known that the tokens can be kept.
        m_goWhenReady = true;
    }
    refresh();
}

void AddServerDialog::showProblem(const QString &sentence)
{
    m_widgets.problem->setText(base::displayText(sentence, 600));
    m_widgets.problem->setVisible(!sentence.isEmpty());
}

} // namespace mooring::ui
