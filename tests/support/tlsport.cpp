// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/tlsport.h"

#include <QSslCertificate>
#include <QSslKey>
#include <QSslSocket>

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace mooring::support {

namespace {

using Key = std::shared_ptr<EVP_PKEY>;
using Paper = std::shared_ptr<X509>;

constexpr long oneDay = 24 * 3600;

Key newKey()
{
    return {EVP_EC_gen("P-256"), EVP_PKEY_free};
}

void extend(X509 *paper, int kind, const char *value)
{
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value);
    X509_add_ext(paper, extension, -1);
    X509_EXTENSION_free(extension);
}

/// Days count from now. Without an issuer it signs itself.
Paper newPaper(const char *name, const Key &key, long fromDay, long toDay, X509 *issuer)
{
    static long serial = 1;
    Paper paper(X509_new(), X509_free);
    X509_set_version(paper.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(paper.get()), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(paper.get()), fromDay * oneDay);
    X509_gmtime_adj(X509_getm_notAfter(paper.get()), toDay * oneDay);
    X509_set_pubkey(paper.get(), key.get());
    X509_NAME *subject = X509_get_subject_name(paper.get());
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char *>(name), -1,
                               -1, 0);
    X509_set_issuer_name(paper.get(), issuer ? X509_get_subject_name(issuer) : subject);
    return paper;
}

QSslCertificate signedBy(const Paper &paper, const Key &key)
{
    X509_sign(paper.get(), key.get(), EVP_sha256());
    unsigned char *der = nullptr;
    const int length = i2d_X509(paper.get(), &der);
    const QSslCertificate certificate(QByteArray(reinterpret_cast<const char *>(der), length), QSsl::Der);
    OPENSSL_free(der);
    return certificate;
}

QSslKey toQt(const Key &key)
{
    const std::shared_ptr<BIO> memory(BIO_new(BIO_s_mem()), BIO_free);
    PEM_write_bio_PrivateKey(memory.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    char *text = nullptr;
    const long length = BIO_get_mem_data(memory.get(), &text);
    return QSslKey(QByteArray(text, length), QSsl::Ec);
}

void answer(QSslServer *server)
{
    while (QTcpSocket *socket = server->nextPendingConnection()) {
        QObject::connect(socket, &QTcpSocket::readyRead, socket, [socket] {
            socket->write("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            socket->disconnectFromHost();
        });
    }
}

/// Passes everything on, both ways, until one side has ended.
void passOn(QSslServer *server, quint16 behind)
{
    while (QTcpSocket *outside = server->nextPendingConnection()) {
        auto *inside = new QTcpSocket(outside);
        QObject::connect(outside, &QTcpSocket::readyRead, inside, [=] { inside->write(outside->readAll()); });
        QObject::connect(inside, &QTcpSocket::readyRead, outside, [=] { outside->write(inside->readAll()); });
        QObject::connect(inside, &QTcpSocket::disconnected, outside, &QTcpSocket::disconnectFromHost);
        QObject::connect(outside, &QTcpSocket::disconnected, inside, &QTcpSocket::disconnectFromHost);
        inside->connectToHost(QHostAddress::LocalHost, behind);
    }
}

} // namespace

TlsPort::TlsPort(Certificate certificate)
    : m_before(QSslConfiguration::defaultConfiguration())
{
    setUp(certificate, certificate == Certificate::WrongName ? "IP:127.0.0.2" : "IP:127.0.0.1");
    QObject::connect(&m_server, &QTcpServer::pendingConnectionAvailable, &m_server,
                     [this] { answer(&m_server); });
}

TlsPort::TlsPort(const QByteArray &names, quint16 behind)
    : m_before(QSslConfiguration::defaultConfiguration())
{
    setUp(Certificate::Good, names);
    QObject::connect(&m_server, &QTcpServer::pendingConnectionAvailable, &m_server,
                     [this, behind] { passOn(&m_server, behind); });
}

void TlsPort::setUp(Certificate certificate, const QByteArray &names)
{
    const Key rootKey = newKey();
    // Its own name, or one of several would be taken for another.
    static int number = 0;
    const QByteArray rootName = "Mooring test root " + QByteArray::number(++number);
    const Paper root = newPaper(rootName.constData(), rootKey, -10, 10, nullptr);
    extend(root.get(), NID_basic_constraints, "critical,CA:TRUE");
    const QSslCertificate rootCertificate = signedBy(root, rootKey);
    const Key key = newKey();
    const bool isAlone = certificate == Certificate::SelfSigned;
    const long from = certificate == Certificate::NotYetValid ? 5 : -5;
    const long to = certificate == Certificate::Expired ? -1 : 9;
    const Paper paper = newPaper("Mooring test", key, from, to, isAlone ? nullptr : root.get());
    extend(paper.get(), NID_subject_alt_name, names.constData());

    QSslConfiguration own = m_before;
    own.setLocalCertificate(signedBy(paper, isAlone ? key : rootKey));
    own.setPrivateKey(toQt(key));
    m_server.setSslConfiguration(own);
    if (!m_server.listen(QHostAddress::LocalHost)) {
        qFatal("TlsPort: can't listen");
    }
    if (certificate != Certificate::UnknownRoot) {
        QSslConfiguration trusting = m_before;
        trusting.addCaCertificate(rootCertificate);
        QSslConfiguration::setDefaultConfiguration(trusting);
    }
}

TlsPort::~TlsPort()
{
    QSslConfiguration::setDefaultConfiguration(m_before);
}

} // namespace mooring::support
