// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

/// Private keys that everybody knows, from the examples of RFCs or made for tests.
namespace mooring::support::keys {

/// RFC 7515 appendix A.2, as PKCS#1.
constexpr auto rsaPem = "-----BEGIN RSA PRIVATE KEY-----\n"
                        "MIIEowIBAAKCAQEAofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd/wWJcyQoTbji9k0\n"
                        "l8W26mPddxHmfHQp+Vaw+4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL+yRT+SFd2lZS+pC\n"
                        "gNMsD1W/YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb/7OMg0LOL+bSf63kpaSHSX\n"
                        "ndS5z5rexMdbBYUsLA9e+KXBdQOS+UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uD\n"
                        "Zlxvb3qCo5ZwKh9kG4LT6/I5IhlJH7aGhyxXFvUK+DWNmoudF8NAco9/h9iaGNj8\n"
                        "q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQIDAQABAoIBABKucaRpzQorw35S\n"
                        "bEUAVx8dYXUdZOlJcHtiWQ+dC6V8ljxAHj/PLyzTveyI5QO/xkObCyjIL303l2cf\n"
                        "UhPu2MFaJdjVzqACXuOrLot/eSFvxjvqVidTtAZExqFRJ9mylUVAoLvhowVWmC1O\n"
                        "n95fZCXxTUtxNEG1Xcc7m0rtzJKs45J+N/V9DP1edYH6USyPSWGp6wuA+KgHRnKK\n"
                        "Vf9GRx80JQY7nVNkL17eHoTWEwga+lwi0FEoW9Y7lDtWXYmKBWhUE+U8PGxlJf8f\n"
                        "40493HDw1WRQ/aSLoS4QTp3rn7gYgeHEvfJdkkf0UMhlknlo53M09EFPdadQ4TlU\n"
                        "bjqKc50CgYEA4BzEEOtIpmVdVEZNCqS7baC4crd0pqnRH/5IB3jw3bcxGn6QLvnE\n"
                        "tfdUdiYrqBdss1l58BQ3KhooKeQTa9AB0Hw/Py5PJdTJNPY8cQn7ouZ2KKDcmnPG\n"
                        "BY5t7yLc1QlQ5xHdwW1VhvKn+nXqhJTBgIPgtldC+KDV5z+y2XDwGUcCgYEAuQPE\n"
                        "fgmVtjL0Uyyx88GZFF1fOunH3+7cepKmtH4pxhtCoHqpWmT8YAmZxaewHgHAjLYs\n"
                        "p1ZSe7zFYHj7C6ul7TjeLQeZD/YwD66t62wDmpe/HlB+TnBA+njbglfIsRLtXlnD\n"
                        "zQkv5dTltRJ11BKBBypeeF6689rjcJIDEz9RWdcCgYAHAp9XcCSrn8wVkMVkKdb7\n"
                        "DOX4IKjzdahm+ctDAJN4O/y7OW5FKebvUjdAIt2GuoTZ71iTG+7F0F+lP88jtjP4\n"
                        "U4qe7VHoewl4MKOfXZKTe+YCS1XbNvfgwJ3Ltyl1OH9hWvu2yza7q+d5PCsDzqtm\n"
                        "27kxuvULVeya+TEdAB1ijQKBgQCH/3r6YrVH/uCWGy6bzV1nGNOdjKc9tmkfOJmN\n"
                        "54dxdixdpozCQ6U4OxZrsj3FcOhHBsqAHvX2uuYjagqvo3cOj1TRqNocX40omfCC\n"
                        "Mx3bD1yPPf/6TI2XECva/ggqEY2mYzmIiA5LVVmc5nrybr+lssFKneeyxN2Wq93S\n"
                        "0iJMdQKBgCGHewxzoa1r8ZMD0LETNrToK423K377UCYqXfg5XMclbrjPbEC3YI1Z\n"
                        "NqMtuhdBJqUnBi6tjKMF+34Xf0CUN8ncuXGO2CAYvO8PdyCixHX52ybaDjy1FtCE\n"
                        "6yUXjoKNXKvUm7MWGsAYH6f4IegOetN5NvmUMFStCSkh7ixZLkN1\n"
                        "-----END RSA PRIVATE KEY-----\n";

/// RFC 7515 appendix A.3, as SEC 1 with the parameters that OpenSSL writes before it.
constexpr auto ecSec1Pem = "-----BEGIN EC PARAMETERS-----\n"
                           "BggqhkjOPQMBBw==\n"
                           "-----END EC PARAMETERS-----\n"
                           "-----BEGIN EC PRIVATE KEY-----\n"
                           "MHcCAQEEII6bEJ5xkJi/mASH3x9dd+nLKWBuvtImO19XwhPfhPSyoAoGCCqGSM49\n"
                           "AwEHoUQDQgAEf83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEXH8UTNG72b\n"
                           "focs3+257rn0s2ldbqkLJK2KRiMohYjlrQ==\n"
                           "-----END EC PRIVATE KEY-----\n";

/// The same as PKCS#8.
constexpr auto ecPkcs8Pem = "-----BEGIN PRIVATE KEY-----\n"
                            "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgjpsQnnGQmL+YBIff\n"
                            "H1136cspYG6+0iY7X1fCE9+E9LKhRANCAAR/zc4ncPbEXUGDy+5v20t7WAczNXvp\n"
                            "7xO6z248e9FURcfxRM0bvZt+hyzf7bnuufSzaV1uqQskrYpGIyiFiOWt\n"
                            "-----END PRIVATE KEY-----\n";

/// RFC 8037 appendix A.1, as PKCS#8.
constexpr auto ed25519Pem = "-----BEGIN PRIVATE KEY-----\n"
                            "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
                            "-----END PRIVATE KEY-----\n";

/// Made for this test.
constexpr auto p384Pem = "-----BEGIN PRIVATE KEY-----\n"
                         "MIG2AgEAMBAGByqGSM49AgEGBSuBBAAiBIGeMIGbAgEBBDDn0ldVbjcRX73Jfinu\n"
                         "RJfM/3p89wPDALkIDBm2ufL5HFD0Qi+W1XsfwSxq2fhmIumhZANiAARLtzv5a4e2\n"
                         "hoTcK60zb6rm3Yr8zqd3hLqa7zDnreYkEoqwOM6CI6uLSaM8tadt4iD3krtuJWQQ\n"
                         "UgDW23K/d9MuZrxpqwwAAKERqOoVql5/LnmqDZVG2oqPyfR4LF4eXLs=\n"
                         "-----END PRIVATE KEY-----\n";

/// The key of RFC 7515 appendix A.3 under a password.
constexpr auto encryptedPem = "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
                              "MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAjZ3RJBxG25kAICCAAw\n"
                              "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEAQIEEBQDlAOuURJxMLMWJFE/lMoEgZB5\n"
                              "WD5OagH9piIlFA1EI+m5NOzKrpReA9qnnGA+MPJSoLrtKj+mpKakO8xuddn7zxOr\n"
                              "Co9T0WvWNm75kNj67v7FzgcymIqudj71MWQ8jsVqNolmwFv+p42vwyEjgmecQRTx\n"
                              "F1sw5gC0uN2SrnELc0XRsMoyvrdu0tWcpGdWRzfbkMWXA0rRimxrFRtCqCwWOpY=\n"
                              "-----END ENCRYPTED PRIVATE KEY-----\n";

constexpr auto p521Pem = "-----BEGIN PRIVATE KEY-----\n"
                         "MIHuAgEAMBAGByqGSM49AgEGBSuBBAAjBIHWMIHTAgEBBEIAny1zlL312QHzP0gq\n"
                         "WiB4OkKIkzxKKS3PQXW+9xu2lGpwy/vcwJcIn+dKzKtA8Q+q2GuqOUKQvXRsMVDk\n"
                         "YvXKn06hgYkDgYYABAFmL36Vmw6zB60pIoylAYfakJprziLDqns1FulDAviN724K\n"
                         "6eSgeSUzfaoMHj1fY36o5JrP6U6zqc/REdoIw2VlKgA9aD0kf1dO5IxWJKuY8sdJ\n"
                         "qX1NJSyM612LdD1zuhkvXdL98Bxe9HXHhi8mI4P4slIh/K64FWR9Do95zc2NpUI8\n"
                         "iw==\n"
                         "-----END PRIVATE KEY-----\n";

/// 1024 bits.
constexpr auto shortRsaPem = "-----BEGIN PRIVATE KEY-----\n"
                             "MIICdwIBADANBgkqhkiG9w0BAQEFAASCAmEwggJdAgEAAoGBANRsyfd2VcemqDzr\n"
                             "FvrIRNnJsZw0axFlwAVrjhUFZ/UmefHLQ57X21l/gzLzBdjk+rFzZ2wB3TF0a5cn\n"
                             "buBZREMp+rH1mIzqG/Fyipx0HaNBeu63A8NHSV1nRJ8BxgYENREZDeblew14Jxpv\n"
                             "JGjUJVsFBwTujQr30qCSc+phx/JLAgMBAAECgYEAwooa8NFjv6NGAfw+oE8Wlumb\n"
                             "CfYLc/ReRdh5V5EK4r1pAmJnvCntTWp0yg08dqVFXYvV1FlkrCz1d4l6hmXaF4lJ\n"
                             "katfQ3i6kS0EjCa0iat/Elm4FALe4c4pHB4PnpunV+KlZmQb/B5qWUSi5b99P3A8\n"
                             "0XUq0edQoZwZ4e2+IwECQQDsFB32Lc7iIWi3AmBcp/e74JBWTAbP13PCJewsog7S\n"
                             "Etm6iG1GnbVEdnPpj4z6CT+m/cCZ2ck4wZuDkUL14oLLAkEA5lmx5di/7vvV31/y\n"
                             "tt5efpD7Oic2HRWvZLWxntkxF5HJP1HDIZCqfa7ImyM/Bwg46T4CQ/QSf7YifW6F\n"
                             "qKjegQJAZg7cVQzAn2mqB1PzrJrAsmwGeggr+bY+yPP0AeedWJvlnIpWE20ibBJ5\n"
                             "UcNJQt60sdCJbvmD0BGC1YH63KmruQJBAL6gPbtjizqfyBdKFNdG4NZG7tDqQDsD\n"
                             "hhmGz04QmTLTH8M5y4zMZnsKGNNh8LfGEyraeQ95PZHYzWQWAaBY14ECQAjpCgAh\n"
                             "xLXVJRtI3jKSrWxR+7Xs8voASKZub8UTV5xJVjHw0G1zIRWkVrtvIdz0/cyDYqnz\n"
                             "aqBtdX19az4bDB4=\n"
                             "-----END PRIVATE KEY-----\n";

} // namespace mooring::support::keys
