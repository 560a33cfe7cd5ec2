// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/secret.h"
#include "interop/pastedtext.h"

namespace mooring::interop {

/// A header that the instructions want to be sent. Those of the protocol itself (Accept, Content-Type, …) are
/// never among them.
struct PastedHeader {
    QString name;
    PastedText value;
    /// By its name and value: a key or token is one, a workspace or a region is not.
    bool isSecret = true;

    friend bool operator==(const PastedHeader &, const PastedHeader &) = default;
};

/// One server with an address, as instructions or a colleague give it.
struct PastedServer {
    /// Empty if it was given none.
    QString name;
    /// As it was written, without a scheme if it was written without. It is http or https and has no user
    /// name; all else is for http::UrlPolicy::parseTyped() to judge, once the blanks are filled in.
    PastedText url;
    QList<PastedHeader> headers;
    /// The app that the entry is from has it switched off.
    bool isDisabled = false;

    // Of a sign-in; mostly empty.
    QString clientId;
    base::Secret clientSecret;
    quint16 callbackPort = 0;
    QStringList scopes;

    /// Of address and headers, each name once.
    QList<Blank> blanks() const;
    bool isComplete() const { return blanks().isEmpty(); }
    PastedServer filled(const QHash<QString, QString> &values) const;

    friend bool operator==(const PastedServer &, const PastedServer &) = default;
};

} // namespace mooring::interop
