#!/bin/bash
# SPDX-FileCopyrightText: 2026 The Mooring authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# run.sh PROGRAM CORPUS WORDS: fuzzes for a minute, or in the full campaign for ten million runs or an hour, whichever comes
# first, with the words that such inputs are made of. New inputs go to a folder of the build, so that nothing in the sources
# changes; a finding stays there too.
set -u
program=$1
corpus=$2
words=$3
found=$program.found
mkdir -p "$found"
options=(-max_total_time=60)
[[ ${MOORING_CAMPAIGN:-short} == full ]] && options=(-max_total_time=3600 -runs=10000000)
"$program" -dict="$words" -max_len=1024 -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="$found/finding-" "${options[@]}" "$found" "$corpus" >"$program.log" 2>&1
code=$?
grep -E 'stat::number_of_executed_units|SUMMARY|Broken promise' "$program.log"
if ((code != 0)); then
    tail -n 40 "$program.log"
    echo "0 passed, 1 failed"
    exit 1
fi
echo "1 passed, 0 failed"
