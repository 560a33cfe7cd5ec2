// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "interop/paste.h"
#include "ui/adding/addchoice.h"
#include "ui/adding/addserverwidgets.h"
#include "ui/adding/addservices.h"
#include "ui/adding/serverform.h"
#include "ui/adding/severalservers.h"

#include <QDialog>

namespace mooring::ui {

/// From a pasted address to a connection. The look at the server starts by itself; Authorize is the
/// default button as soon as it can be, and Enter may be pressed before that. What stands between the server
/// and a sign-in is asked here, in place; and whatever a look said, the server can be kept.
class AddServerDialog final : public QDialog {
    Q_OBJECT
public:
    explicit AddServerDialog(AddServices services, QWidget *parent = nullptr);

    /// As if it had been pasted.
    void setAddress(const QString &text);

Q_SIGNALS:
    /// With `authorize`, a sign-in with these options is to follow.
    void added(const QString &id, bool authorize, const mooring::connections::AuthorizeOptions &options);
    void selectRequested(const QString &id);

protected:
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;
    void showEvent(QShowEvent *event) override;

private:
    void setUpConnections();
    void connectButtons();
    void onText();
    void onPaste(const base::Result<interop::Paste> &paste);
    void takeServer(const interop::PastedServer &server);
    void takeAddress(const QString &text);
    void onExisting(const ExistingConnection &existing);
    void onBlanksSubmitted();
    void lookAt(const QUrl &url);
    void goOn();
    void onEnter();
    void onStep(const http::Step &step);
    void onReport(const QUrl &url, const mcp::ProbeReport &report);
    void showReport(const mcp::ProbeReport &report);
    void onElsewhere(const QUrl &url);
    void goOnAfterLook();
    void onPrimary();
    void onOffer(const text::RemedyOffer &offer);
    void addChosen();
    void add(bool authorize);
    void onAdded(const base::Result<QString> &id, bool authorize);
    void onKeychain(const base::Result<void> &usable);
    void forget();
    void showProblemLater(const QString &sentence);
    void showNotes();
    void refresh();
    void refreshParts(const AddChoice &choice);
    void refreshSeveral();
    void fitHeight(bool mayShrink);

    AddSituation situation() const;
    AddChoice choice() const { return choiceIn(situation()); }
    /// The refused key in the other dress that it may have been meant in, as a question; empty if there is
    /// none.
    QString alternativeKey() const;
    std::optional<text::RemedyOffer> offer() const;
    bool isShown() const { return m_existingId.isEmpty() || m_secondAccount; }

    static base::Task<void> waitForAdd(QPointer<AddServerDialog> dialog,
                                       base::Task<base::Result<QString>> task, bool authorize);
    static base::Task<void> waitForKeychain(QPointer<AddServerDialog> dialog,
                                            base::Task<base::Result<void>> task);

    AddServices m_services;
    AddServerWidgets m_widgets;
    ServerForm m_form;
    DebouncedProbe m_lookup;
    SeveralServers m_several;
    QTimer m_judge;
    QTimer m_fit;
    QString m_laterProblem;
    QStringList m_notes;
    QUrl m_url;
    QString m_existingId;
    oauth::SignInSettings m_settings;
    connections::AuthorizeOptions m_options;
    QList<connections::TypedHeader> m_triedHeaders;
    std::optional<mcp::ProbeReport> m_report;
    std::optional<base::Error> m_keychainTrouble;
    bool m_secondAccount = false;
    bool m_goWhenReady = false;
    bool m_addWhenAccepted = false;
    bool m_adding = false;
};

} // namespace mooring::ui
