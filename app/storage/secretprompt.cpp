// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/secretprompt.h"

#include <glib.h>

#include <optional>

namespace mooring::storage {

using namespace Qt::StringLiterals;
using base::Deadline;
using base::OneShot;
using base::Task;

namespace {

const auto promptInterface = u"org.freedesktop.Secret.Prompt"_s;
/// After that, a prompt is taken for one that a person sees.
constexpr std::chrono::milliseconds unseen(200);

/// Ends `over` if the prompt can't be shown. An answer says nothing: some services give it at once, others
/// only when the person has answered.
Task<void> request(SecretPeer peer, QString path, OneShot<PromptEnd> over)
{
    // The window to be shown above: none that the service could know.
    const BusValue arguments = busValue(g_variant_new("(s)", ""));
    BusReply reply =
        co_await peer.bus().call(peer.address(), path, promptInterface, u"Prompt"_s, arguments, nullptr);
    // NoReply: the service has given up answering, but not asking.
    if (!reply.values && reply.error != "org.freedesktop.DBus.Error.NoReply"_L1) {
        over.resolve(PromptEnd::Failed);
    }
}

} // namespace

Task<PromptEnd> showSecretPrompt(SecretPeer peer, QString path, KeychainQuestions *board,
                                 KeychainQuestion::Kind kind, std::stop_token stop)
{
    if (path == noSecretObject) {
        co_return PromptEnd::Answered;
    }
    if (stop.stop_requested()) {
        co_return PromptEnd::Stopped;
    }
    const OneShot<PromptEnd> over;
    const SessionBus &bus = peer.bus();
    const auto completed = bus.listen(peer.address(), path, promptInterface, u"Completed"_s, {},
                                      [over](GVariant *) { over.resolve(PromptEnd::Answered); });
    // Also when it lives on, and is the Secret Service no more.
    const auto gone =
        bus.listen(u"org.freedesktop.DBus"_s, {}, u"org.freedesktop.DBus"_s, u"NameOwnerChanged"_s,
                   peer.name(), [over](GVariant *) { over.resolve(PromptEnd::Failed); });
    const auto dismiss = [over, peer, path] {
        peer.bus().send(peer.address(), path, promptInterface, u"Dismiss"_s, {});
        over.resolve(PromptEnd::Stopped);
    };
    const std::stop_callback stopCallback(stop, dismiss);
    std::optional<KeychainQuestions::Open> question;
    Deadline seen([&question, board, &peer, kind] {
        question.emplace(*board, KeychainQuestion{peer.program(), kind});
    });
    seen.start(unseen);
    const Task<void> requesting = request(peer, path, over);
    PromptEnd end = co_await over;
    co_return end;
}

} // namespace mooring::storage
