// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/fakeserver.h"

#include <QJsonDocument>

#include <algorithm>

namespace mooring::support {

QJsonObject FakeRequest::json() const
{
    return QJsonDocument::fromJson(body).object();
}

mooring::http::FormFields FakeRequest::form() const
{
    return mooring::http::decodeForm(body).value_or(mooring::http::FormFields());
}

mooring::http::FormFields FakeRequest::queryFields() const
{
    return mooring::http::decodeForm(query()).value_or(mooring::http::FormFields());
}

QByteArray fieldOf(const mooring::http::FormFields &fields, const QByteArray &name)
{
    const auto found = std::find_if(fields.begin(), fields.end(), [&](auto &f) { return f.first == name; });
    return found == fields.end() ? QByteArray() : found->second;
}

int countOf(const mooring::http::FormFields &fields, const QByteArray &name)
{
    return static_cast<int>(
        std::count_if(fields.begin(), fields.end(), [&](auto &field) { return field.first == name; }));
}

FakeResponse FakeResponse::json(const QJsonObject &object, int status)
{
    FakeResponse response;
    response.status = status;
    response.headers.add("Content-Type", "application/json");
    response.body = QJsonDocument(object).toJson(QJsonDocument::Compact);
    return response;
}

FakeResponse FakeResponse::html(const QByteArray &page, int status)
{
    FakeResponse response;
    response.status = status;
    response.headers.add("Content-Type", "text/html; charset=utf-8");
    response.body = page;
    return response;
}

FakeResponse FakeResponse::redirect(const QByteArray &location, int status)
{
    FakeResponse response;
    response.status = status;
    response.headers.add("Location", location);
    return response;
}

FakeResponse FakeResponse::empty(int status)
{
    FakeResponse response;
    response.status = status;
    return response;
}

FakeResponse FakeResponse::silence()
{
    FakeResponse response;
    response.isSilent = true;
    return response;
}

FakeResponse FakeResponse::hangUp()
{
    FakeResponse response;
    response.cutAfter = 0;
    return response;
}

} // namespace mooring::support
