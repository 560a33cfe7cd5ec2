// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace mooring::base {

/// Whether other programs of the same person may look into this process (ptrace, /proc/PID/mem).
enum class Inspection {
    Allowed, ///< the desktop portal looks at /proc/PID/root of whoever asks it to open a page
    Refused,
};

/// Opens /dev/null in the place of standard input, output or error that the process was started without: else
/// the next file or pipe that is opened would get its number, and hear what is said there.
void openStandardStreams();

/// Makes a process that holds tokens leave nothing of them behind, and trust nothing that lies around:
/// no core dump, files for their owner only, and the root folder as working directory, because some
/// versions of Qt (CVE-2025-14575) take a certificate that lies in the working directory for a root. And it
/// has all of its standard streams.
/// The first thing that main() does. What a system does not have is left out.
void hardenProcess(Inspection inspection);

/// While it lives, programs that are started inherit the file mode and the core limit that this one has
/// inherited: a browser that Mooring was the first to start would else keep its downloads from others.
class InheritedLimits final {
public:
    InheritedLimits();
    ~InheritedLimits();
    InheritedLimits(const InheritedLimits &) = delete;
    InheritedLimits &operator=(const InheritedLimits &) = delete;
};

} // namespace mooring::base
