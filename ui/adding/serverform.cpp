// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/adding/serverform.h"

#include "ui/adding/pastedrequest.h"

namespace mooring::ui {

using connections::TypedHeader;

ServerForm::ServerForm(AddServerWidgets &widgets)
    : m_widgets(widgets)
{
}

void ServerForm::clear()
{
    m_server = {};
    m_widgets.headers->setHeaders({});
    m_widgets.useKey->setChecked(false);
    m_widgets.blanks->ask({});
}

void ServerForm::take(const interop::PastedServer &server)
{
    m_server = server;
    m_widgets.blanks->ask(server.blanks());
    // A header with a blank in it is filled in above; the others can be changed in their rows.
    const QList<TypedHeader> headers = completeHeaders(server);
    m_server.headers.removeIf([](const interop::PastedHeader &one) { return one.value.isComplete(); });
    m_widgets.headers->setHeaders(headers);
    m_widgets.useKey->setChecked(!headers.isEmpty());
}

void ServerForm::suggestName(const QString &name)
{
    if (m_widgets.name->text().isEmpty() || m_widgets.name->text() == m_suggestedName) {
        m_widgets.name->setText(name);
        m_suggestedName = name;
    }
}

QString ServerForm::name() const
{
    return m_widgets.name->text().trimmed();
}

QList<TypedHeader> ServerForm::headers() const
{
    QList<TypedHeader> all = completeHeaders(m_server.filled(m_widgets.blanks->values()));
    if (m_widgets.useKey->isChecked()) {
        all += m_widgets.headers->headers();
    }
    return all;
}

bool ServerForm::headersAreWhole() const
{
    return !m_widgets.useKey->isChecked() || m_widgets.headers->isEmpty() || m_widgets.headers->isComplete();
}

QString ServerForm::filledAddress() const
{
    const interop::PastedServer filled = m_server.filled(m_widgets.blanks->values());
    return filled.url.isComplete() && filled.url.text() != m_server.url.text() ? filled.url.text()
                                                                               : QString();
}

} // namespace mooring::ui
