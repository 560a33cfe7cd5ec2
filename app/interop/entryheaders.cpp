// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "interop/entryheaders.h"

#include "interop/headerrules.h"

namespace mooring::interop {

using namespace Qt::StringLiterals;

namespace {

bool isFlag(const Value &object, QStringView name)
{
    const Value *flag = object.find(name);
    return flag != nullptr && flag->isTrue();
}

/// {"name": "X-Key", "value": "…", "isSecret": true, "description": …} of a registry document and others.
void takeDescribed(const Value &object, ServerBuilder *builder)
{
    const QString name = object.textOf({u"name"_s, u"key"_s, u"header"_s});
    const QString value = object.textOf({u"value"_s});
    const QString suggestion = object.textOf({u"default"_s});
    const QString description = object.textOf({u"description"_s});
    const bool isSecret = isFlag(object, u"isSecret") || isFlag(object, u"is_secret");
    const bool isWanted = isSecret || isFlag(object, u"isRequired") || isFlag(object, u"is_required");
    if (value.isEmpty() && suggestion.isEmpty() && !isWanted) {
        return;
    }
    const QString text = value.isEmpty() ? suggestion : value;
    const std::optional<bool> told = isSecret ? std::optional(true) : std::nullopt;
    if (const Value *variables = object.find(u"variables")) {
        Surroundings around;
        takeVariables(*variables, &around);
        ServerBuilder inner(around);
        inner.addHeader(name, text, told, description);
        builder->takeHeadersOf(inner);
        return;
    }
    builder->addHeader(name, text, told, description);
}

void takeOne(const Value &item, ServerBuilder *builder)
{
    if (item.isText()) {
        builder->addHeaderLine(item.text);
    } else if (item.isObject() && item.find(u"name") == nullptr && item.find(u"key") == nullptr) {
        for (qsizetype i = 0; i < item.names.size(); ++i) {
            builder->addHeader(item.names.at(i), item.items.at(i).text);
        }
    } else if (item.isObject()) {
        takeDescribed(item, builder);
    }
}

void takeAll(const Value &headers, ServerBuilder *builder)
{
    if (headers.isText()) {
        for (const QString &line : headers.text.split(u'\n', Qt::SkipEmptyParts)) {
            builder->addHeaderLine(line);
        }
    }
    for (const Value &item : headers.isList() ? headers.items : QList<Value>()) {
        takeOne(item, builder);
    }
    for (qsizetype i = 0; i < headers.names.size(); ++i) {
        const Value &value = headers.items.at(i);
        if (!value.isObject() && !value.isList()) {
            builder->addHeader(headers.names.at(i), value.text);
        }
    }
}

/// Codex, Mistral Vibe and others: the value is in a variable, and only its name is here.
void takeVariablesOfHeaders(const Value &object, ServerBuilder *builder)
{
    for (const QString &name : {u"env_http_headers"_s, u"envHttpHeaders"_s}) {
        const Value *headers = object.find(name);
        for (qsizetype i = 0; headers != nullptr && i < headers->names.size(); ++i) {
            builder->addHeader(headers->names.at(i), u"${"_s + headers->items.at(i).text + u'}');
        }
    }
    const QString bearer =
        object.textOf({u"bearer_token_env_var"_s, u"bearerTokenEnvVar"_s, u"bearerTokenEnv"_s});
    if (!bearer.isEmpty()) {
        builder->addBearer(u"${"_s + bearer + u'}');
    }
    const QString key = object.textOf({u"api_key_env"_s});
    if (!key.isEmpty()) {
        const QString header = object.textOf({u"api_key_header"_s});
        QString form = object.textOf({u"api_key_format"_s});
        form = form.isEmpty() ? u"Bearer {token}"_s : form;
        builder->addHeader(header.isEmpty() ? u"Authorization"_s : header,
                           form.replace("{token}"_L1, u"${"_s + key + u'}'), true);
    }
}

} // namespace

void takeHeaders(const Value &object, ServerBuilder *builder)
{
    static const QStringList members = {u"headers"_s,       u"http_headers"_s,   u"httpHeaders"_s,
                                        u"customHeaders"_s, u"custom_headers"_s, u"extraHeaders"_s,
                                        u"extra_headers"_s, u"static_headers"_s, u"requestHeaders"_s};
    for (const QString &name : members) {
        if (const Value *headers = object.find(name)) {
            takeAll(*headers, builder);
        }
    }
    for (const QString &name : {u"requestInit"_s, u"requestOptions"_s, u"eventSourceInit"_s, u"options"_s}) {
        const Value *options = object.find(name);
        const Value *headers = options == nullptr ? nullptr : options->find(u"headers");
        if (headers != nullptr) {
            takeAll(*headers, builder);
        }
    }
    takeVariablesOfHeaders(object, builder);
    const QString token =
        object.textOf({u"authorization_token"_s, u"authorization"_s, u"bearerToken"_s, u"bearer_token"_s,
                       u"authToken"_s, u"auth_token"_s, u"accessToken"_s, u"apiKey"_s});
    const Value *auth = object.find(u"auth");
    const QString inner =
        auth == nullptr ? QString() : auth->textOf({u"token"_s, u"bearerToken"_s, u"bearer"_s});
    if ((!token.isEmpty() || !inner.isEmpty()) && !builder->hasHeaders()) {
        builder->addBearer(token.isEmpty() ? inner : token);
    }
}

void takeVariables(const Value &variables, Surroundings *around)
{
    for (qsizetype i = 0; i < variables.names.size(); ++i) {
        const Value &about = variables.items.at(i);
        const QString name = variables.names.at(i);
        if (const QString value = about.textOf({u"value"_s}); !value.isEmpty()) {
            around->variables.insert(name, value);
            continue;
        }
        Blank blank{name, {}, about.textOf({u"description"_s}), about.textOf({u"default"_s})};
        blank.isSecret = isFlag(about, u"isSecret") || (!isFlag(about, u"isRequired") && isSecretName(name));
        if (const Value *choices = about.find(u"choices")) {
            for (const Value &choice : choices->items) {
                blank.choices.append(choice.text);
            }
        }
        around->inputs.insert(name, blank);
    }
}

} // namespace mooring::interop
