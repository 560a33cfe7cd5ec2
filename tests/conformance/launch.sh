#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Mooring authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# launch.sh CLIENT URL: runs the client and writes down how it ended, because the suite doesn't tell. A client that a signal
# has ended counts as 128 and the signal.
"$@"
code=$?
printf '%s %s\n' "$code" "$MCP_CONFORMANCE_SCENARIO" >>"$MOORING_CONFORMANCE_EXITS"
exit "$code"
