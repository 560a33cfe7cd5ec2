// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/faults.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>
#include <iterator>
#include <zlib.h>

namespace mooring::support {

using namespace Qt::StringLiterals;

namespace {

using Faults = std::vector<AnswerFault>;

/// Over every cap there is, that of a probe (1 MiB) too.
constexpr qsizetype overTheCap = 1200 * 1024;

QByteArray gzip(const QByteArray &plain)
{
    z_stream stream = {};
    deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    QByteArray packed(static_cast<qsizetype>(deflateBound(&stream, static_cast<uLong>(plain.size()))), '\0');
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(plain.data()));
    stream.avail_in = static_cast<uInt>(plain.size());
    stream.next_out = reinterpret_cast<Bytef *>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    deflate(&stream, Z_FINISH);
    packed.truncate(static_cast<qsizetype>(stream.total_out));
    // A bomb is small.
    packed.squeeze();
    deflateEnd(&stream);
    return packed;
}

/// An answer whose body counts; of a refusal a probe needs the head only.
FakeResponse asData(FakeResponse good)
{
    good.status = good.status == 401 ? 200 : good.status;
    return good;
}

FakeResponse encoded(FakeResponse good, const QByteArray &encoding, const QByteArray &body)
{
    good.headers.set("Content-Encoding", encoding);
    good.body = body;
    return good;
}

FakeResponse nonsense(const FakeResponse &good, const QByteArray &body)
{
    FakeResponse bad = asData(good);
    bad.body = body;
    return bad;
}

FakeResponse withMember(const FakeResponse &good, const FaultSpot &spot, const QJsonValue &value)
{
    QJsonObject object = QJsonDocument::fromJson(good.body).object();
    object.remove(spot.required);
    if (!value.isUndefined()) {
        object.insert(spot.required, value);
    }
    return nonsense(good, QJsonDocument(object).toJson(QJsonDocument::Compact));
}

FakeResponse tooLate(const QByteArray &retryAfter)
{
    FakeResponse answer = FakeResponse::empty(429);
    if (!retryAfter.isEmpty()) {
        answer.headers.add("Retry-After", retryAfter);
    }
    return answer;
}

void add(Faults *all, int row, const QByteArray &name,
         std::function<FakeResponse(FakeResponse, const FaultSpot &)> spoil, bool isSlow = false)
{
    all->push_back({row, name, std::move(spoil), isSlow});
}

void add(Faults *all, int row, const QByteArray &name, const FakeResponse &answer)
{
    add(all, row, name, [answer](const FakeResponse &, const FaultSpot &) { return answer; });
}

void addLostAnswers(Faults *all)
{
    add(all, 5, "hang up", FakeResponse::hangUp());
    add(all, 5, "cut in the head", [](FakeResponse good, const FaultSpot &) {
        good.cutAfter = 12;
        return good;
    });
    add(all, 5, "cut in the body", [](const FakeResponse &good, const FaultSpot &) {
        FakeResponse cut = asData(good);
        // However short the body is, its last byte is missing.
        cut.headers.set("Content-Length", QByteArray::number(cut.body.size() + 1));
        cut.closes = true;
        return cut;
    });
    const auto manyHeaders = [](FakeResponse good, const FaultSpot &) {
        for (int i = 0; i < 150; ++i) {
            good.headers.add("X-Header-" + QByteArray::number(i), "one of many");
        }
        return good;
    };
    // Of a 401 without its headers Qt says nothing at all.
    add(all, 6, "150 headers", manyHeaders, true);
}

void addStatuses(Faults *all)
{
    for (const int status : {500, 502, 503, 504}) {
        add(all, 7, QByteArray::number(status), FakeResponse::empty(status));
    }
    add(all, 8, "429", tooLate({}));
    add(all, 8, "429, seconds", tooLate("1"));
    add(all, 8, "429, a day", tooLate("86400"));
    add(all, 8, "429, date", [](const FakeResponse &, const FaultSpot &) {
        const QDateTime then = QDateTime::currentDateTimeUtc().addSecs(7200);
        return tooLate(QLocale::c().toString(then, u"ddd, dd MMM yyyy hh:mm:ss 'GMT'"_s).toLatin1());
    });
    for (const int status : {400, 403, 404, 405, 410}) {
        add(all, 9, QByteArray::number(status), FakeResponse::empty(status));
    }
    for (const auto *const code :
         {"invalid_grant", "invalid_client", "temporarily_unavailable", "invalid_token"}) {
        add(all, 9, code, FakeResponse::json({{u"error"_s, QString::fromLatin1(code)}}, 400));
    }
    for (const auto *const scheme :
         {"Basic realm=\"x\"", "Digest realm=\"x\", nonce=\"y\"", "NTLM", "Negotiate"}) {
        FakeResponse refusal = FakeResponse::empty(401);
        refusal.headers.add("WWW-Authenticate", scheme);
        add(all, 28, QByteArray(scheme).split(' ').first(), refusal);
    }
}

void addRedirects(Faults *all)
{
    add(all, 10, "same origin", [](const FakeResponse &, const FaultSpot &spot) {
        return FakeResponse::redirect(spot.path + "/moved", 307);
    });
    for (const int status : {301, 302, 303, 307, 308}) {
        add(all, 11, QByteArray::number(status), [status](const FakeResponse &, const FaultSpot &spot) {
            return FakeResponse::redirect(spot.canary.toLatin1() + spot.path, status);
        });
    }
    add(all, 12, "to itself",
        [](const FakeResponse &, const FaultSpot &spot) { return FakeResponse::redirect(spot.path, 307); });
    add(all, 13, "http", FakeResponse::redirect("http://192.0.2.1/", 307));
    add(all, 13, "file", FakeResponse::redirect("file:///etc/passwd", 307));
    add(all, 13, "other scheme", FakeResponse::redirect("mooring-test:x", 307));
}

void addBodies(Faults *all)
{
    add(all, 14, "over the cap", [](const FakeResponse &good, const FaultSpot &) {
        FakeResponse large = asData(good);
        large.body += QByteArray(overTheCap, ' ');
        return large;
    });
    add(all, 15, "gzip",
        [](const FakeResponse &good, const FaultSpot &) { return encoded(good, "gzip", gzip(good.body)); });
    add(all, 15, "bomb", [](const FakeResponse &good, const FaultSpot &) {
        static const QByteArray bomb = gzip(QByteArray(50'000'000, ' '));
        return encoded(asData(good), "gzip", bomb);
    });
    add(all, 15, "br", [](const FakeResponse &good, const FaultSpot &) {
        return encoded(asData(good), "br", good.body.isEmpty() ? "x" : good.body);
    });
    add(all, 15, "zstd", [](const FakeResponse &good, const FaultSpot &) {
        return encoded(asData(good), "zstd", good.body.isEmpty() ? "x" : good.body);
    });
    add(all, 16, "captive portal",
        FakeResponse::html("<!doctype html><title>Log in to this network</title>"));
    add(all, 17, "text/plain", [](FakeResponse good, const FaultSpot &) {
        good.headers.set("Content-Type", "text/plain; charset=utf-8");
        return good;
    });
    add(all, 17, "text/html", [](FakeResponse good, const FaultSpot &) {
        good.headers.set("Content-Type", "text/html");
        return good;
    });
    add(all, 17, "none", [](FakeResponse good, const FaultSpot &) {
        good.headers.remove("Content-Type");
        return good;
    });
}

void addNonsense(Faults *all)
{
    const QByteArray deep = QByteArray("{\"a\":").repeated(40) + '1' + QByteArray("}").repeated(40);
    const std::pair<const char *, QByteArray> bodies[] = {
        {"invalid JSON", "{\"a\":1,}"},    {"not JSON", "hello"}, {"empty", ""},
        {"bad UTF-8", "{\"a\":\"\xff\"}"}, {"41 levels", deep},   {"an array", "[1]"},
    };
    for (const auto &[name, body] : bodies) {
        add(all, 18, name,
            [body = body](const FakeResponse &good, const FaultSpot &) { return nonsense(good, body); });
    }
    add(all, 18, "trailing bytes",
        [](const FakeResponse &good, const FaultSpot &) { return nonsense(good, good.body + "x"); });
    add(all, 19, "duplicate", [](const FakeResponse &good, const FaultSpot &spot) {
        const QByteArray twice = "{\"" + spot.required.toLatin1() + "\":\"x\",";
        return nonsense(good,
                        twice + twice.mid(1) + "\"z\":" + (good.body.isEmpty() ? "0" : good.body) + '}');
    });
    add(all, 20, "a number",
        [](const FakeResponse &good, const FaultSpot &spot) { return withMember(good, spot, 5); });
    add(all, 20, "null", [](const FakeResponse &good, const FaultSpot &spot) {
        return withMember(good, spot, QJsonValue::Null);
    });
    add(all, 20, "an object", [](const FakeResponse &good, const FaultSpot &spot) {
        return withMember(good, spot, QJsonObject{{u"x"_s, 1}});
    });
    add(all, 20, "NaN", [](const FakeResponse &good, const FaultSpot &spot) {
        return nonsense(good, "{\"" + spot.required.toLatin1() + "\":NaN}");
    });
    add(all, 21, "missing", [](const FakeResponse &good, const FaultSpot &spot) {
        return withMember(good, spot, QJsonValue::Undefined);
    });
    add(all, 22, "hostile text", [](FakeResponse good, const FaultSpot &) {
        QJsonObject object = QJsonDocument::fromJson(good.body).object();
        const QString hostile =
            u"<b>\u202e\u0007\u001b[31m\r\nSet-Cookie: x</b> "_s + u"\U0001f4a5"_s.repeated(4000);
        for (const auto name : {"resource_name"_L1, "client_name"_L1, "error_description"_L1, "note"_L1}) {
            object.insert(name, hostile);
        }
        good.body = QJsonDocument(object).toJson(QJsonDocument::Compact);
        return good;
    });
}

} // namespace

const std::vector<AnswerFault> &answerFaults()
{
    static const Faults all = [] {
        Faults made;
        addLostAnswers(&made);
        std::ranges::move(hangingFaults(), std::back_inserter(made));
        addStatuses(&made);
        addRedirects(&made);
        addBodies(&made);
        addNonsense(&made);
        return made;
    }();
    return all;
}

const AnswerFault &answerFault(int row, const QByteArray &name)
{
    const Faults &all = answerFaults();
    const auto found =
        std::ranges::find_if(all, [&](const AnswerFault &one) { return one.row == row && one.name == name; });
    if (found == all.end()) {
        qFatal("there is no fault %d %s", row, name.constData());
    }
    return *found;
}

SpoiledAnswers::SpoiledAnswers(FaultSpot spot, AnswerFault fault)
    : m_spot(std::move(spot))
    , m_good(m_spot.server->routeOf(m_spot.path))
{
    const auto spoiled = [itsSpot = m_spot, good = m_good, itsFault = std::move(fault)](
                             const FakeRequest &request) { return itsFault.spoil(good(request), itsSpot); };
    m_spot.server->route(m_spot.path, spoiled);
    m_spot.server->route(m_spot.path + "/moved", m_good);
}

SpoiledAnswers::~SpoiledAnswers()
{
    m_spot.server->route(m_spot.path, m_good);
    m_spot.server->removeRoute(m_spot.path + "/moved");
}

} // namespace mooring::support
