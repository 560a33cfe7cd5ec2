// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/accessmanager.h"

#include "base/deadline.h"
#include "http/urlpolicy.h"

#include <QNetworkCookie>
#include <QNetworkCookieJar>
#include <QNetworkProxy>
#include <QSslError>

namespace mooring::http {

using namespace Qt::StringLiterals;

namespace {

constexpr auto deadlineAttribute = static_cast<QNetworkRequest::Attribute>(QNetworkRequest::User + 1);
constexpr auto idleAttribute = static_cast<QNetworkRequest::Attribute>(QNetworkRequest::User + 2);
constexpr auto bodyAttribute = static_cast<QNetworkRequest::Attribute>(QNetworkRequest::User + 3);
constexpr auto handshakeAttribute = static_cast<QNetworkRequest::Attribute>(QNetworkRequest::User + 4);
constexpr auto addressAttribute = static_cast<QNetworkRequest::Attribute>(QNetworkRequest::User + 5);
constexpr auto urlAttribute = static_cast<QNetworkRequest::Attribute>(QNetworkRequest::User + 6);
constexpr const char *faultProperty = "mooringFault";
constexpr const char *tlsProperty = "mooringTlsProblems";
constexpr const char *encryptedProperty = "mooringEncrypted";

/// Keeps nothing and gives nothing: Qt's own jar shares cookies between the ports of a host.
class EmptyCookieJar final : public QNetworkCookieJar {
public:
    using QNetworkCookieJar::QNetworkCookieJar;
    QList<QNetworkCookie> cookiesForUrl(const QUrl &) const override { return {}; }
    bool setCookiesFromUrl(const QList<QNetworkCookie> &, const QUrl &) override { return false; }
};

/// A body that can be read once. Qt sends a POST again when the connection is lost before the
/// answer, unless it can't rewind the body; a refresh token or a code must never be sent twice.
class OnceBody final : public QIODevice {
public:
    OnceBody(QByteArray bytes, QObject *parent)
        : QIODevice(parent)
        , m_bytes(std::move(bytes))
    {
        open(QIODevice::ReadOnly | QIODevice::Unbuffered);
    }
    bool isSequential() const override { return true; }
    /// Qt tries before a second sending; the base class would only add a warning to the same answer.
    bool seek(qint64) override { return false; }
    qint64 bytesAvailable() const override { return m_bytes.size() - m_at + QIODevice::bytesAvailable(); }
    bool atEnd() const override { return m_at >= m_bytes.size(); }

protected:
    qint64 readData(char *data, qint64 maximum) override
    {
        if (m_at >= m_bytes.size()) {
            return -1;
        }
        const qint64 count = std::min<qint64>(maximum, m_bytes.size() - m_at);
        std::copy_n(m_bytes.constData() + m_at, count, data);
        m_at += count;
        return count;
    }
    qint64 writeData(const char *, qint64) override { return -1; }

private:
    QByteArray m_bytes;
    qint64 m_at = 0;
};

/// Ends a reply that breaks its limits. Qt's transfer timeout is no substitute: it only measures
/// silence, so a server that drips a byte now and then would hold a request for ever.
class Guard final : public QObject {
public:
    Guard(QNetworkReply *reply, const Limits &limits)
        : QObject(reply)
        , m_reply(reply)
        , m_limits(limits)
    {
        connect(reply, &QNetworkReply::encrypted, this, [this] {
            m_handshake.stop();
            m_reply->setProperty(encryptedProperty, true);
        });
        connect(reply, &QNetworkReply::finished, this, [this] {
            m_deadline.stop();
            m_idle.stop();
            m_handshake.stop();
        });
        connect(reply, &QNetworkReply::metaDataChanged, this, [this] {
            restartIdle();
            if (hasLostItsHeaders()) {
                end(Fault::Headers);
            }
        });
        connect(reply, &QNetworkReply::uploadProgress, this, &Guard::restartIdle);
        connect(reply, &QNetworkReply::downloadProgress, this, [this](qint64 received) {
            restartIdle();
            if (received > m_limits.body) {
                end(Fault::TooLarge);
            }
        });
        if (m_limits.deadline.count() > 0) {
            m_deadline.start(m_limits.deadline);
        }
        if (m_limits.handshake.count() > 0) {
            m_handshake.start(m_limits.handshake);
        }
        restartIdle();
    }

private:
    /// Of more than 100 header fields, or one that is too long, Qt keeps none and says nothing; then it
    /// waits for a body whose end it can't tell. Answers that never have a body end by themselves.
    bool hasLostItsHeaders() const
    {
        const int status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
        return m_reply->rawHeaderPairs().isEmpty() && status != 204 && status != 304;
    }
    void restartIdle()
    {
        if (m_limits.idle.count() > 0 && m_reply->isRunning()) {
            m_idle.start(m_limits.idle);
        }
    }
    void end(Fault fault)
    {
        if (m_reply->isRunning() && AccessManager::faultOf(m_reply) == Fault::None) {
            m_reply->setProperty(faultProperty, static_cast<int>(fault));
            m_reply->abort();
        }
    }

    QNetworkReply *m_reply;
    Limits m_limits;
    base::Deadline m_deadline{[this] { end(Fault::Deadline); }};
    base::Deadline m_idle{[this] { end(Fault::Idle); }};
    base::Deadline m_handshake{[this] { end(Fault::Deadline); }};
};

/// Puts the address in the place of the name, where the request is pinned to one.
void moveToAddress(QNetworkRequest *request)
{
    const QString address = request->attribute(addressAttribute).toString();
    if (address.isEmpty()) {
        return;
    }
    const QUrl named = request->url();
    const QString host = named.host(QUrl::FullyEncoded);
    const QString port = named.port() < 0 ? QString() : u":%1"_s.arg(named.port());
    QUrl moved = named;
    moved.setHost(address);
    request->setUrl(moved);
    request->setAttribute(urlAttribute, named);
    request->setPeerVerifyName(host);
    request->setRawHeader("Host", (host + port).toLatin1());
    // In HTTP/2 the host comes from the URL, and would be the address.
    request->setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
}

void harden(QNetworkRequest *request)
{
    request->setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    request->setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    request->setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    request->setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    request->setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
    request->setAttribute(QNetworkRequest::CacheSaveControlAttribute, false);
#if QT_VERSION < QT_VERSION_CHECK(6, 7, 3)
    // CVE-2023-51714 and CVE-2024-39936: the HTTP/2 code of these versions can't be trusted.
    request->setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
#endif
    request->setRawHeader("User-Agent", "Mooring/" MOORING_VERSION);
    // Decompression is done under the body cap by http::Client, so Qt must not do it before.
    request->setRawHeader("Accept-Encoding", "identity");
    if (!request->hasRawHeader("Accept")) {
        request->setRawHeader("Accept", "application/json");
    }
}

} // namespace

AccessManager::AccessManager(QObject *parent)
    : QNetworkAccessManager(parent)
{
    setCookieJar(new EmptyCookieJar(this));
    setAutoDeleteReplies(false);
    connect(this, &QNetworkAccessManager::sslErrors, this,
            [](QNetworkReply *reply, const QList<QSslError> &errors) {
                QStringList problems;
                for (const QSslError &error : errors) {
                    problems.append(error.errorString());
                }
                reply->setProperty(tlsProperty, problems.join("; "_L1));
            });
}

void AccessManager::setHeadersFor(const QUrl &url, const Headers &headers)
{
    m_urlWithHeaders = url;
    m_headers = headers;
}

void AccessManager::setAddressFor(const QUrl &url, const QHostAddress &address)
{
    m_urlWithAddress = url;
    m_address = address;
}

void AccessManager::pin(QNetworkRequest *request, const QHostAddress &address)
{
    request->setAttribute(addressAttribute, address.toString());
}

QUrl AccessManager::urlOf(const QNetworkReply *reply)
{
    const QVariant named = reply->request().attribute(urlAttribute);
    return named.isValid() ? named.toUrl() : reply->url();
}

bool AccessManager::mayHaveSent(const QNetworkReply *reply)
{
    // What is pinned goes through no proxy, so that it is ours what gets encrypted before anything is sent.
    const QUrl named = reply->request().attribute(urlAttribute).toUrl();
    return named.scheme() != "https"_L1 || reply->property(encryptedProperty).toBool();
}

void AccessManager::setLimits(QNetworkRequest *request, const Limits &limits)
{
    request->setAttribute(deadlineAttribute, qlonglong(limits.deadline.count()));
    request->setAttribute(idleAttribute, qlonglong(limits.idle.count()));
    request->setAttribute(bodyAttribute, limits.body);
    request->setAttribute(handshakeAttribute, qlonglong(limits.handshake.count()));
}

Fault AccessManager::faultOf(const QNetworkReply *reply)
{
    return static_cast<Fault>(reply->property(faultProperty).toInt());
}

QString AccessManager::tlsProblemsOf(const QNetworkReply *reply)
{
    return reply->property(tlsProperty).toString();
}

QNetworkReply *AccessManager::createRequest(Operation operation, const QNetworkRequest &original,
                                            QIODevice *outgoing)
{
    QNetworkRequest request(original);
    harden(&request);
    // A proxy can't reach this very computer, and has no business hearing what is said on it.
    const bool staysHere = UrlPolicy::classOf(request.url()) == AddressClass::Loopback;
    if (request.url() == m_urlWithHeaders) {
        for (const auto &[name, value] : m_headers.fields()) {
            request.setRawHeader(name, value);
        }
    }
    if (request.url() == m_urlWithAddress) {
        pin(&request, m_address);
    }
    moveToAddress(&request);
    const bool isPinned = request.attribute(urlAttribute).isValid();
    setProxy(staysHere || isPinned ? QNetworkProxy::NoProxy : QNetworkProxy::DefaultProxy);
    OnceBody *body = nullptr;
    if (outgoing) {
        body = new OnceBody(outgoing->readAll(), nullptr);
        request.setAttribute(QNetworkRequest::DoNotBufferUploadDataAttribute, true);
        request.setHeader(QNetworkRequest::ContentLengthHeader, body->bytesAvailable());
    }
    QNetworkReply *reply = QNetworkAccessManager::createRequest(operation, request, body);
    if (body) {
        body->setParent(reply);
    }
    Limits limits = m_defaultLimits;
    if (original.attribute(deadlineAttribute).isValid()) {
        limits.deadline = std::chrono::milliseconds(original.attribute(deadlineAttribute).toLongLong());
        limits.idle = std::chrono::milliseconds(original.attribute(idleAttribute).toLongLong());
        limits.body = original.attribute(bodyAttribute).toLongLong();
        limits.handshake = std::chrono::milliseconds(original.attribute(handshakeAttribute).toLongLong());
    }
    new Guard(reply, limits);
    return reply;
}

} // namespace mooring::http
