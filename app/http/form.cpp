// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/form.h"

#include <cctype>

namespace mooring::http {

QByteArray percentEncode(const QByteArray &value)
{
    return value.toPercentEncoding();
}

QByteArray encodeForm(const FormFields &fields)
{
    QByteArray encoded;
    for (const auto &[name, value] : fields) {
        if (!encoded.isEmpty()) {
            encoded += '&';
        }
        encoded += percentEncode(name) + '=' + percentEncode(value);
    }
    return encoded;
}

namespace {

std::optional<QByteArray> decode(QByteArrayView encoded)
{
    QByteArray bytes;
    for (qsizetype i = 0; i < encoded.size(); ++i) {
        if (encoded[i] == '+') {
            bytes += ' ';
        } else if (encoded[i] != '%') {
            bytes += encoded[i];
        } else if (i + 2 < encoded.size() && std::isxdigit(static_cast<unsigned char>(encoded[i + 1]))
                   && std::isxdigit(static_cast<unsigned char>(encoded[i + 2]))) {
            bytes += QByteArray::fromHex(encoded.sliced(i + 1, 2).toByteArray());
            i += 2;
        } else {
            return std::nullopt;
        }
    }
    return bytes;
}

} // namespace

std::optional<FormFields> decodeForm(QByteArrayView encoded)
{
    FormFields fields;
    const QList<QByteArray> pairs = encoded.toByteArray().split('&');
    for (const QByteArray &pair : pairs) {
        if (pair.isEmpty()) {
            continue;
        }
        const qsizetype equals = pair.indexOf('=');
        const std::optional<QByteArray> name =
            decode(equals < 0 ? QByteArrayView(pair) : QByteArrayView(pair).first(equals));
        const std::optional<QByteArray> value =
            decode(equals < 0 ? QByteArrayView() : QByteArrayView(pair).sliced(equals + 1));
        if (!name || !value) {
            return std::nullopt;
        }
        fields.append({*name, *value});
    }
    return fields;
}

} // namespace mooring::http
