// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QList>
#include <QString>
#include <QVarLengthArray>

#include <optional>

namespace mooring::base {

/// The members of a JSON object by their bytes: to look at one, to put one in or to take one out without
/// building a value. Messages of many megabytes pass through Mooring with nothing but their id changed, and a
/// value costs ten times more than the check.
///
/// For text that checkJson() has found well-formed. Of any other text the answers make no sense, but they are
/// never outside of it.
class JsonSplice final {
public:
    /// Nothing if the text is no object. The bytes have to outlive the splice.
    static std::optional<JsonSplice> of(QByteArrayView object);

    bool contains(QByteArrayView name) const { return find(name) != nullptr; }
    /// The value of that member as it stands in the text, without the space around it; empty if there is no
    /// such member.
    QByteArrayView value(QByteArrayView name) const;

    /// The object with that member: its value is replaced where it stands, a new one comes last. The name
    /// must not need any escaping, and `value` has to be JSON.
    QByteArray with(QByteArrayView name, QByteArrayView value) const;
    /// The object without that member.
    QByteArray without(QByteArrayView name) const;

private:
    struct Member {
        QByteArray name;
        /// From the name's first quote to the value's end.
        qsizetype from = 0;
        qsizetype valueFrom = 0;
        qsizetype to = 0;
    };
    explicit JsonSplice(QByteArrayView text)
        : m_text(text)
    {
    }
    const Member *find(QByteArrayView name) const;

    QByteArrayView m_text;
    QVarLengthArray<Member, 8> m_members;
};

/// The elements of an array, each as it stands in the text; none if it is no array. For well-formed text.
QList<QByteArrayView> jsonElements(QByteArrayView array);

/// What a JSON string says; a null string if the text is none. For well-formed text.
QString textOfJson(QByteArrayView string);
/// The JSON string that says this.
QByteArray jsonOfText(const QString &text);

} // namespace mooring::base
