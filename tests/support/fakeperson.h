// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QUrl>

#include <chrono>
#include <functional>

namespace mooring::support {

/// The person and the browser in one: opens what it is told to, follows redirects by hand, and does
/// at the consent page and on the way back what its mood says.
class FakePerson final : public QObject {
    Q_OBJECT
public:
    enum class Mood {
        Approve,
        Deny,
        WrongState, ///< comes back with another state
        ForeignIss, ///< comes back with another iss
        NoIss, ///< comes back without iss
        Never, ///< closes the window
        Twice, ///< comes back, and then once more with the very same address
        StopBeforeCallback, ///< the browser is on another machine; see callbackAddress
    };

    Mood mood = Mood::Approve;
    /// Before anything happens.
    std::chrono::milliseconds thinksFor{0};
    /// False: no browser can be started.
    bool hasBrowser = true;

    /// For everything that takes an OpenUrl. The person must outlive its use.
    std::function<bool(const QUrl &)> openUrl();

    /// Where an address leads in this test's internet; unset for the address itself.
    std::function<QUrl(const QUrl &)> leads;

    QList<QUrl> opened;
    /// Where the service sent the browser, before the mood had its way.
    QUrl callbackAddress;
    /// What came back for each visit of the callback address; 0 where nobody answered.
    QList<int> callbackStatuses;
    QByteArray lastPage;

Q_SIGNALS:
    /// The last page of a visit has been shown.
    void finished();

private:
    void visit(const QUrl &url, int hopsLeft);
    void onPage(const QUrl &url, const QByteArray &answer, int hopsLeft);
    void comeBack(const QUrl &callback);
    QUrl changedByMood(const QUrl &callback) const;
};

/// One GET over a plain socket; `done` gets all bytes of the answer, nothing if nobody answered.
void plainGet(const QUrl &url, QObject *context, std::function<void(const QByteArray &answer)> done);
/// The status of raw answer bytes, 0 if there is none.
int statusOf(const QByteArray &answer);

} // namespace mooring::support
