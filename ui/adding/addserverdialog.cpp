// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/adding/addserverdialog.h"

#include "base/displaytext.h"
#include "base/words.h"
#include "http/addresssecrets.h"
#include "interop/otheraddresses.h"
#include "ui/adding/pastedrequest.h"
#include "ui/widgets/droppedtext.h"
#include "ui/widgets/excerpt.h"
#include "ui/widgets/layouthelpers.h"

#include <QDragEnterEvent>
#include <QDropEvent>
#include <QMimeData>
#include <QScreen>

#include <algorithm>

namespace mooring::ui {

using namespace Qt::StringLiterals;
using base::Words;
using connections::TypedHeader;
using text::RemedyOffer;
using text::Tone;
using Primary = AddChoice::Primary;
using Verdict = mcp::ProbeReport::Verdict;

namespace {

/// Whether a host is worth asking before Enter is pressed: "https://lin" is still being typed.
bool looksFinished(const QUrl &url)
{
    const QString host = url.host();
    return host == "localhost"_L1 || host.contains(u':') || (host.contains(u'.') && !host.endsWith(u'.'));
}

bool isSame(const QList<TypedHeader> &a, const QList<TypedHeader> &b)
{
    return std::ranges::equal(a, b, [](const TypedHeader &one, const TypedHeader &other) {
        return one.name == other.name && one.value == other.value;
    });
}

} // namespace

AddServerDialog::AddServerDialog(AddServices services, QWidget *parent)
    : QDialog(parent)
    , m_services(std::move(services))
    , m_widgets(this)
    , m_form(m_widgets)
    , m_lookup(m_services.probe, m_services.tasks)
    , m_several(m_services, *m_widgets.several, *m_widgets.blanks)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setObjectName(u"addServerDialog"_s);
    setWindowTitle(Words::tr("Add a server"));
    setAcceptDrops(true);
    m_judge.setSingleShot(true);
    m_judge.setInterval(DebouncedProbe::pause);
    m_fit.setSingleShot(true);
    m_widgets.detailsCard->hide();
    resize(letters(this, 88), ems(this, 18));
    setUpConnections();
    connectButtons();
    refresh();
    m_widgets.address->setFocus();
}

void AddServerDialog::setUpConnections()
{
    connect(m_widgets.address, &PasteField::wholeChanged, this, &AddServerDialog::onText);
    connect(&m_judge, &QTimer::timeout, this, [this] { m_widgets.showProblem(m_laterProblem); });
    connect(&m_fit, &QTimer::timeout, this, [this] { fitHeight(false); });
    connect(m_widgets.address, &QLineEdit::returnPressed, this, &AddServerDialog::onEnter);
    connect(m_widgets.name, &QLineEdit::returnPressed, this, &AddServerDialog::onEnter);
    connect(m_widgets.headers, &HeaderRows::submitted, this, &AddServerDialog::onEnter);
    connect(m_widgets.headers, &HeaderRows::edited, this, &AddServerDialog::refresh);
    connect(m_widgets.blanks, &PlaceholderFields::edited, this, &AddServerDialog::refresh);
    connect(m_widgets.blanks, &PlaceholderFields::submitted, this, &AddServerDialog::onBlanksSubmitted);
    connect(m_widgets.several, &PastedList::edited, this, &AddServerDialog::refresh);
    connect(m_widgets.useKey, &QCheckBox::toggled, this, &AddServerDialog::refresh);
    connect(m_widgets.windowOnly, &QCheckBox::toggled, this, &AddServerDialog::refresh);
    connect(m_widgets.offer, &RemedyPanel::accepted, this, &AddServerDialog::onOffer);
    connect(&m_lookup, &DebouncedProbe::started, this, &AddServerDialog::refresh);
    connect(&m_lookup, &DebouncedProbe::stepEnded, this, &AddServerDialog::onStep);
    connect(&m_lookup, &DebouncedProbe::finished, this, &AddServerDialog::onReport);
    connect(&m_several, &SeveralServers::changed, this, &AddServerDialog::refresh);
}

void AddServerDialog::connectButtons()
{
    connect(m_widgets.detailsButton, &QPushButton::toggled, this, [this](bool open) {
        m_widgets.detailsCard->setVisible(open);
        fitHeight(true);
    });
    connect(m_widgets.primary, &QPushButton::clicked, this, &AddServerDialog::onPrimary);
    connect(m_widgets.secondary, &QPushButton::clicked, this, [this] { add(choice().secondaryAuthorizes); });
    connect(m_widgets.selectExisting, &QPushButton::clicked, this, [this] {
        Q_EMIT selectRequested(m_existingId);
        accept();
    });
    connect(m_widgets.secondAccount, &QPushButton::clicked, this, [this] {
        m_secondAccount = true;
        m_widgets.name->setFocus();
        lookAt(m_url);
    });
}

void AddServerDialog::setAddress(const QString &text)
{
    m_widgets.address->take(text);
}

void AddServerDialog::dragEnterEvent(QDragEnterEvent *event)
{
    if (mayHoldServers(*event->mimeData())) {
        event->acceptProposedAction();
    }
}

void AddServerDialog::dropEvent(QDropEvent *event)
{
    const base::Result<QString> text = textOf(*event->mimeData());
    event->acceptProposedAction();
    if (text) {
        setAddress(*text);
    } else {
        m_widgets.showProblem(text.error().sentence);
        fitHeight(false);
    }
}

void AddServerDialog::showEvent(QShowEvent *event)
{
    QDialog::showEvent(event);
    fitHeight(false);
}

void AddServerDialog::onText()
{
    forget();
    m_form.clear();
    m_several.clear();
    m_notes.clear();
    m_secondAccount = false;
    m_settings = {};
    m_options = {};
    showNotes();
    const QString text = m_widgets.address->whole();
    if (!text.trimmed().isEmpty()) {
        onPaste(interop::readPaste(text));
    }
    refresh();
    fitHeight(true);
}

void AddServerDialog::forget()
{
    m_lookup.stop();
    m_judge.stop();
    m_widgets.showProblem({});
    m_url.clear();
    m_existingId.clear();
    m_report.reset();
    m_triedHeaders.clear();
    m_goWhenReady = false;
    m_addWhenAccepted = false;
    m_widgets.clearSteps();
}

void AddServerDialog::onPaste(const base::Result<interop::Paste> &paste)
{
    if (!paste) {
        showProblemLater(paste.error().sentence);
        return;
    }
    m_notes = paste->notes;
    showNotes();
    if (paste->servers.size() == 1) {
        takeServer(paste->servers.first());
    } else if (!paste->servers.isEmpty()) {
        m_several.setServers(paste->servers);
    }
}

void AddServerDialog::takeServer(const interop::PastedServer &server)
{
    m_settings = settingsOf(server);
    if (!server.clientId.isEmpty()) {
        m_options.client = connections::ClientCredentials{server.clientId, server.clientSecret};
    }
    m_form.take(server);
    if (server.url.isComplete()) {
        takeAddress(server.url.text());
    }
    if (!server.name.isEmpty() && m_existingId.isEmpty()) {
        m_form.suggestName(shownText(server.name, 80));
    }
}

void AddServerDialog::takeAddress(const QString &text)
{
    const base::Result<QUrl> url = http::UrlPolicy::parseTyped(text, http::PlainHttp::ThisNetwork);
    if (!url) {
        showProblemLater(url.error().sentence);
        return;
    }
    m_url = *url;
    if (http::holdsSecret(m_url)) {
        m_notes.append(
            Words::tr("There is a key in this address, so the address is a secret: whoever has it gets "
                      "in. Mooring shows it nowhere."));
        showNotes();
    }
    m_form.suggestName(connections::nameFromUrl(m_url));
    if (const std::optional<ExistingConnection> existing = m_services.existing(m_url)) {
        onExisting(*existing);
    } else if (looksFinished(m_url)) {
        lookAt(m_url);
    }
}

void AddServerDialog::onExisting(const ExistingConnection &existing)
{
    m_existingId = existing.id;
    const QString name = shownText(existing.name, 60);
    m_widgets.existsText->setText(Words::tr("You have this server already: %1").arg(name));
    m_widgets.secondAccount->setVisible(existing.hasSignIn);
    m_form.suggestName(Words::tr("%1 (second account)").arg(name));
}

void AddServerDialog::onBlanksSubmitted()
{
    if (!m_several.isEmpty() || m_adding) {
        return;
    }
    const QString address = m_form.filledAddress();
    if (!address.isEmpty() && !m_url.isValid()) {
        takeAddress(address);
    } else if (m_report && !isSame(m_form.headers(), m_triedHeaders)) {
        lookAt(m_url);
        m_lookup.hurry();
    }
    refresh();
}

void AddServerDialog::lookAt(const QUrl &url)
{
    m_report.reset();
    m_widgets.showProblem({});
    m_widgets.clearSteps();
    m_triedHeaders = m_form.headersAreWhole() ? m_form.headers() : QList<TypedHeader>();
    m_lookup.look(url, m_triedHeaders, m_settings, interop::otherAddresses(url));
    refresh();
}

/// Looks again and then does what Enter would do.
void AddServerDialog::goOn()
{
    lookAt(m_url);
    m_goWhenReady = true;
    m_lookup.hurry();
    refresh();
}

void AddServerDialog::onEnter()
{
    if (m_judge.isActive()) {
        m_judge.stop();
        m_widgets.showProblem(m_laterProblem);
    } else if (m_several.isEmpty() && m_url.isValid() && !isShown()) {
        m_widgets.selectExisting->click();
    } else if (m_several.isEmpty() && m_url.isValid() && !m_report) {
        m_goWhenReady = true;
        if (!m_lookup.isBusy()) {
            lookAt(m_url);
        }
        m_lookup.hurry();
    } else if (m_several.isEmpty() && m_widgets.offer->isVisible()) {
        m_widgets.offer->focusAccept();
    } else {
        onPrimary();
    }
    refresh();
}

void AddServerDialog::onStep(const http::Step &step)
{
    m_widgets.addStep(step);
    refresh();
}

void AddServerDialog::onReport(const QUrl &url, const mcp::ProbeReport &report)
{
    m_report = report;
    if (url != m_url) {
        onElsewhere(url);
    }
    showReport(report);
    if (report.verdict == Verdict::NeedsKey || report.verdict == Verdict::KeyRefused) {
        if (m_widgets.blanks->isEmpty()) {
            m_widgets.useKey->setChecked(true);
            m_widgets.headers->focusFirst();
        } else {
            m_widgets.blanks->focusFirstEmpty();
        }
    }
    refresh();
    if (choice().primary == Primary::Authorize) {
        // Not before it is known that the tokens can be kept.
        m_services.tasks.run(waitForKeychain(this, m_services.checkKeychain()));
    } else {
        goOnAfterLook();
    }
}

/// The server is not where it was said to be, but on the same host.
void AddServerDialog::onElsewhere(const QUrl &url)
{
    m_notes.append(Words::tr("There is no MCP server at %1, but one at %2. Mooring takes that.")
                       .arg(shownText(http::shownUrl(m_url), 120), shownText(http::shownUrl(url), 120)));
    showNotes();
    m_url = url;
    m_widgets.steps->clear();
    for (const http::Step &step : m_report->steps) {
        if (step.outcome != http::Step::Outcome::NotThere) {
            m_widgets.steps->addStep(step);
        }
    }
    if (const std::optional<ExistingConnection> existing = m_services.existing(url);
        existing && !m_secondAccount) {
        onExisting(*existing);
    }
}

void AddServerDialog::showReport(const mcp::ProbeReport &report)
{
    if (m_widgets.steps->count() == 0 && m_widgets.details->count() == 0) {
        for (const http::Step &step : report.steps) {
            onStep(step);
        }
    }
    if (!report.error || report.verdict == Verdict::NeedsSignIn) {
        return;
    }
    m_widgets.showProblem(report.error->sentence);
    // The step that failed often says the very same.
    m_widgets.steps->clear();
    for (const http::Step &step : report.steps) {
        if (step.outcome == http::Step::Outcome::Done) {
            m_widgets.steps->addStep(step);
        }
    }
}

void AddServerDialog::goOnAfterLook()
{
    const bool accepted = m_report && m_report->verdict == Verdict::Open;
    const bool adds = std::exchange(m_addWhenAccepted, false) && accepted;
    const bool goes = std::exchange(m_goWhenReady, false);
    refresh();
    const AddChoice now = choice();
    const bool mayGo = now.primary == Primary::Add || now.primary == Primary::Authorize;
    if (adds) {
        add(false);
    } else if (goes && mayGo && now.isReady) {
        onPrimary();
    }
}

QString AddServerDialog::alternativeKey() const
{
    const bool isRefused = m_report && m_report->verdict == Verdict::KeyRefused;
    return isRefused && m_widgets.useKey->isChecked() ? m_widgets.headers->alternativeText() : QString();
}

std::optional<RemedyOffer> AddServerDialog::offer() const
{
    if (!m_report) {
        return std::nullopt;
    }
    if (const QString alternative = alternativeKey(); !alternative.isEmpty()) {
        return RemedyOffer{RemedyOffer::Kind::EnterKey, alternative, Words::tr("Try it so")};
    }
    return text::offerAfter(*m_report, base::displayAuthority(m_url), m_settings);
}

AddSituation AddServerDialog::situation() const
{
    AddSituation now;
    now.hasAddress = m_url.isValid() && isShown();
    now.isAdding = m_adding;
    now.goesOn = m_goWhenReady || m_addWhenAccepted;
    now.report = m_report;
    now.offer = offer();
    const QList<TypedHeader> typed = m_form.headers();
    const bool usesRows = m_widgets.useKey->isChecked();
    now.sendsHeaders = usesRows || !typed.isEmpty();
    now.headersAreComplete = !typed.isEmpty() && (!usesRows || m_widgets.headers->isComplete());
    now.hasAuthorization = std::ranges::any_of(typed, [](const TypedHeader &header) {
        return header.name.compare("Authorization"_L1, Qt::CaseInsensitive) == 0;
    });
    now.headersWereTried = isSame(typed, m_triedHeaders);
    now.keychainTrouble = m_keychainTrouble;
    now.isForWindowOnly = m_widgets.windowOnly->isChecked();
    now.keychainName = m_services.keychainName;
    return now;
}

void AddServerDialog::refresh()
{
    if (!m_several.isEmpty()) {
        refreshSeveral();
        return;
    }
    const AddChoice now = choice();
    refreshParts(now);
    m_widgets.showChoice(now);
    m_fit.start(0);
}

void AddServerDialog::refreshParts(const AddChoice &choice)
{
    const bool hasUrl = m_url.isValid() && isShown();
    m_widgets.several->hide();
    m_widgets.blanks->setVisible(!m_widgets.blanks->isEmpty());
    m_widgets.existsRow->setVisible(m_url.isValid() && !isShown());
    m_widgets.busy->setVisible(m_lookup.isBusy());
    m_widgets.stepsCard->setVisible(hasUrl && (m_lookup.isBusy() || m_widgets.steps->count() > 0));
    m_widgets.nameRow->setVisible(hasUrl && m_report);
    m_widgets.headers->setVisible(hasUrl && m_report && m_widgets.useKey->isChecked());
    m_widgets.windowOnly->setVisible(choice.mayBeForWindowOnly);
    m_widgets.detailsButton->setVisible(m_widgets.details->count() > 0);
    const std::optional<RemedyOffer> offered = offer();
    const bool asks = choice.showsOffer || !alternativeKey().isEmpty();
    if (asks) {
        m_widgets.offer->setOffer(*offered);
    }
    m_widgets.offer->setVisible(asks && hasUrl && !m_adding);
}

void AddServerDialog::refreshSeveral()
{
    const qsizetype count = m_several.chosenCount();
    const bool hasBegun = m_several.hasBegun();
    m_widgets.showOnlySeveral();
    m_widgets.blanks->setVisible(!m_widgets.blanks->isEmpty() && !hasBegun);
    m_widgets.primary->show();
    m_widgets.primary->setText(hasBegun ? Words::tr("Done")
                                        : Words::tr("Add %n server(s)", nullptr, static_cast<int>(count)));
    m_widgets.primary->setEnabled(hasBegun ? !m_several.isAdding() : count > 0);
    m_fit.start(0);
}

void AddServerDialog::fitHeight(bool mayShrink)
{
    const QRect room = screen()->availableGeometry();
    const int frame = isVisible() ? frameGeometry().height() - height() : 0;
    const int wanted = std::clamp(m_widgets.wantedHeight(width()), ems(this, 18), room.height() - frame);
    if (wanted > height() || (mayShrink && wanted < height())) {
        resize(width(), wanted);
    }
    if (isVisible() && frameGeometry().bottom() > room.bottom()) {
        move(x(), std::max(room.top(), room.bottom() - height() - frame + 1));
    }
}

base::Task<void> AddServerDialog::waitForKeychain(QPointer<AddServerDialog> dialog,
                                                  base::Task<base::Result<void>> task)
{
    const base::Result<void> usable = co_await std::move(task);
    if (dialog) {
        dialog->onKeychain(usable);
    }
}

void AddServerDialog::onKeychain(const base::Result<void> &usable)
{
    m_keychainTrouble = usable ? std::nullopt : std::optional(usable.error());
    goOnAfterLook();
}

void AddServerDialog::onPrimary()
{
    if (!m_several.isEmpty()) {
        addChosen();
        return;
    }
    const AddChoice now = choice();
    if (!now.isReady) {
        return;
    }
    switch (now.primary) {
    case Primary::None:
        break;
    case Primary::Authorize:
        add(true);
        break;
    case Primary::Add:
        add(false);
        break;
    case Primary::TryHeaders:
        lookAt(m_url);
        m_addWhenAccepted = true;
        m_lookup.hurry();
        refresh();
        break;
    case Primary::TryAgain:
        lookAt(m_url);
        m_lookup.hurry();
        break;
    }
}

void AddServerDialog::onOffer(const RemedyOffer &offer)
{
    switch (offer.kind) {
    case RemedyOffer::Kind::ChangeSetting:
        m_settings = oauth::withRemedy(m_settings, offer.remedy);
        goOn();
        break;
    case RemedyOffer::Kind::AcceptForeignPage:
        m_options.acceptForeignPage = true;
        add(true);
        break;
    case RemedyOffer::Kind::EnterKey:
        m_widgets.headers->takeAlternative();
        lookAt(m_url);
        m_addWhenAccepted = true;
        m_lookup.hurry();
        refresh();
        break;
    case RemedyOffer::Kind::AllowMore:
    case RemedyOffer::Kind::ForgetRegistration:
    case RemedyOffer::Kind::AcceptNewIssuer:
    case RemedyOffer::Kind::EnterClient:
    case RemedyOffer::Kind::ForgetRevocation:
        add(true);
        break;
    }
}

void AddServerDialog::addChosen()
{
    if (m_several.hasBegun()) {
        if (!m_several.firstAdded().isEmpty()) {
            Q_EMIT selectRequested(m_several.firstAdded());
        }
        accept();
        return;
    }
    m_several.add();
    m_widgets.address->setEnabled(!m_several.hasBegun());
    refresh();
}

void AddServerDialog::add(bool authorize)
{
    if (m_adding || !m_url.isValid()) {
        return;
    }
    m_adding = true;
    m_lookup.stop();
    connections::NewConnection request;
    request.url = m_url;
    request.name = m_form.name();
    request.headers = m_form.headers();
    request.settings = m_settings;
    request.report = m_report;
    m_services.tasks.run(waitForAdd(this, m_services.add(std::move(request)), authorize));
    refresh();
}

base::Task<void> AddServerDialog::waitForAdd(QPointer<AddServerDialog> dialog,
                                             base::Task<base::Result<QString>> task, bool authorize)
{
    const base::Result<QString> id = co_await std::move(task);
    if (dialog) {
        dialog->onAdded(id, authorize);
    }
}

void AddServerDialog::onAdded(const base::Result<QString> &id, bool authorize)
{
    m_adding = false;
    if (!id) {
        m_widgets.showProblem(id.error().sentence);
        refresh();
        return;
    }
    m_options.windowOnly = m_widgets.windowOnly->isVisible() && m_widgets.windowOnly->isChecked();
    Q_EMIT added(*id, authorize, m_options);
    accept();
}

/// What is still being typed is not judged yet.
void AddServerDialog::showProblemLater(const QString &sentence)
{
    m_laterProblem = sentence;
    m_judge.start();
}

void AddServerDialog::showNotes()
{
    m_widgets.showNote(m_notes.join(u' '));
}

} // namespace mooring::ui
