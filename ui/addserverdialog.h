// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/connectionlist.h"
#include "interop/snippet.h"
#include "ui/addserverwidgets.h"
#include "ui/serverlookup.h"

#include <QDialog>

namespace mooring::ui {

/// What the add dialog asks of the rest; plain functions, so that it can be tried without a network.
struct AddServices {
    Probe probe;
    /// Id and name of a connection that has this address already.
    std::function<std::optional<std::pair<QString, QString>>(const QUrl &)> existing;
    /// Adds and returns the id.
    std::function<base::Task<base::Result<QString>>(connections::NewConnection)> add;
    /// SecretStore::checkUsable(): never shows a prompt.
    std::function<base::Task<base::Result<void>>()> checkKeychain;
    QString keychainName;
    /// Outlives the dialog.
    base::TaskScope &tasks;
};

/// From a pasted address to a connection. The look at the server starts by itself; Authorize is the
/// default button as soon as it can be, and Enter may be pressed before that.
class AddServerDialog final : public QDialog {
    Q_OBJECT
public:
    explicit AddServerDialog(AddServices services, QWidget *parent = nullptr);

    /// As if it had been pasted.
    void setAddress(const QString &text);

Q_SIGNALS:
    void added(const QString &id, bool authorize, bool windowOnly);
    void selectRequested(const QString &id);

private:
    /// What the filled button does.
    enum class Offer { None, Authorize, Add, AddWithKey, TryAgain };

    void setUpConnections();
    void onText();
    void onSnippet(const QString &text);
    void takeSnippetServer(int index);
    void takeAddress(const QString &text);
    void lookAt(const QUrl &url);
    void onEnter();
    void onStep(const http::Step &step);
    void onReport(const mcp::ProbeReport &report);
    void onPrimary();
    void add(bool authorize, bool withKey);
    void onAdded(const base::Result<QString> &id, bool authorize);
    void onKeychain(const base::Result<void> &usable);
    void forget();
    void showProblem(const QString &sentence);
    void refresh();
    void refreshButtons(Offer now);
    Offer offer() const;
    QString footerText(Offer offer) const;
    base::Secret key() const;

    static base::Task<void> waitForAdd(QPointer<AddServerDialog> dialog,
                                       base::Task<base::Result<QString>> task, bool authorize);
    static base::Task<void> waitForKeychain(QPointer<AddServerDialog> dialog,
                                            base::Task<base::Result<void>> task);

    AddServices m_services;
    AddServerWidgets m_widgets;
    ServerLookup m_lookup;
    QTimer m_judge;
    QString m_laterProblem;
    QList<interop::SnippetServer> m_snippet;
    QUrl m_url;
    QString m_existingId;
    QString m_suggestedName;
    std::optional<mcp::ProbeReport> m_report;
    std::optional<base::Error> m_keychainTrouble;
    bool m_secondAccount = false;
    bool m_goWhenReady = false;
    bool m_adding = false;
};

} // namespace mooring::ui
