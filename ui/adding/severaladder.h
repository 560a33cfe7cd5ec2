// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/wording.h"
#include "ui/adding/addservices.h"

#include <QObject>
#include <QPointer>

namespace mooring::ui {

/// Adds the servers of one paste one after the other: each is looked at, then kept whatever the look said.
class SeveralAdder final : public QObject {
    Q_OBJECT
public:
    struct Job {
        qsizetype row = 0;
        connections::NewConnection request;
        /// Why it can't even be tried; empty if it can.
        QString problem = {};
        /// What is left to fill in later, by name.
        QStringList missing = {};
    };

    explicit SeveralAdder(AddServices services, QObject *parent = nullptr);
    ~SeveralAdder() override;

    void start(const QList<Job> &jobs);

Q_SIGNALS:
    void begun(qsizetype row);
    /// With an empty id if it could not be added.
    void ended(qsizetype row, const QString &id, const QString &sentence, mooring::text::Tone tone);
    void finished();

private:
    static base::Task<void> run(QPointer<SeveralAdder> adder, AddServices services, QList<Job> jobs,
                                std::stop_token stop);

    AddServices m_services;
    std::stop_source m_stop;
};

} // namespace mooring::ui
