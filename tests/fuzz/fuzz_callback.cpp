// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz/fuzzing.h"
#include "oauth/callbackrequest.h"

using namespace mooring;
using fuzz::require;
using State = oauth::CallbackRequest::State;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size)
{
    const QByteArrayView bytes = fuzz::bytesOf(data, size);
    const oauth::CallbackRequest whole = oauth::readCallbackRequest(bytes, "127.0.0.1:12345", "/callback");
    if (whole.state == State::Refused) {
        require(whole.status >= 400 && whole.status < 600, "a refusal has a status");
    }
    if (whole.state == State::Complete) {
        // It doesn't matter in which pieces a request arrives.
        for (qsizetype at = 0; at < bytes.size(); at += 1 + bytes.size() / 16) {
            const oauth::CallbackRequest early =
                oauth::readCallbackRequest(bytes.first(at), "127.0.0.1:12345", "/callback");
            require(early.state != State::Refused, "the beginning of a good request is not refused");
        }
        oauth::callbackParameters(whole.query);
    }
    if (const auto parameters = oauth::callbackParameters(bytes)) {
        require(parameters->size() <= bytes.size() + 1, "no parameter out of nothing");
    }
    return 0;
}
