// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keychainmessages.h"

#include "base/words.h"
#include "storage/keychainquestions.h"
#include "storage/keychainreport.h"
#include "ui/widgets/excerpt.h"

namespace mooring::ui {

using namespace Qt::StringLiterals;
using base::Words;

namespace {

/// What these messages are about; no connection has that id.
constexpr auto keychainTopic = QLatin1StringView("keychain");

} // namespace

KeychainMessages::KeychainMessages(connections::ConnectionList &list, base::TaskScope &tasks,
                                   MessageBar &messages, QObject *parent)
    : QObject(parent)
    , m_list(list)
    , m_tasks(tasks)
    , m_messages(messages)
{
    list.secrets().onQuestion(this, [this] { showQuestion(); });
}

void KeychainMessages::showQuestion()
{
    const std::optional<storage::KeychainQuestion> question = m_list.secrets().question();
    if (!question) {
        m_messages.withdraw(keychainTopic);
        return;
    }
    Message message{text::Tone::Attention, storage::sentenceOf(*question)};
    message.about = keychainTopic;
    m_messages.show(message);
}

void KeychainMessages::lookForStrays()
{
    if (!std::exchange(m_hasLooked, true)) {
        m_tasks.run(runLook());
    }
}

base::Task<void> KeychainMessages::runLook()
{
    const std::stop_token stop = m_tasks.token();
    const base::Result<void> usable = co_await m_list.secrets().checkUsable({}, storage::Asking::Never, stop);
    // A window that is closing would tell nobody.
    if (usable && !stop.stop_requested()) {
        offerToMove();
    }
}

void KeychainMessages::offerToMove()
{
    const QString now = m_list.secrets().identity();
    const QStringList names = connections::straysOf(connections::keepingsOf(m_list.connections()), now);
    if (names.isEmpty() || !m_list.isNewsAboutKeychain(now)) {
        return;
    }
    Message message{text::Tone::Neutral,
                    Words::tr("New sign-ins go to %1 now. %2 is still in another keychain.")
                        .arg(shownText(storage::placeText(now)), shownText(names.join(u", "_s), 200))};
    message.actionText = Words::tr("Move");
    message.about = keychainTopic;
    message.action = [this] { m_tasks.run(runMove()); };
    m_messages.show(message);
}

base::Task<void> KeychainMessages::runMove()
{
    const base::Result<connections::Moved> moved = co_await m_list.moveSecrets(m_tasks.token());
    if (!moved) {
        co_return;
    }
    if (!moved->left.isEmpty()) {
        m_messages.show(moved->left.first().second);
    } else {
        m_messages.show(
            {text::Tone::Good,
             Words::tr("All sign-ins are in %1 now.").arg(shownText(storage::placeText(moved->place)))});
    }
    Q_EMIT this->moved();
}

} // namespace mooring::ui
