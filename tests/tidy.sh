#!/bin/bash
# SPDX-FileCopyrightText: 2026 The Mooring authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# tests/tidy.sh BUILD_DIR: clang-tidy 19 over all of app/ and ui/; prints what it finds, nothing else.
# A file is skipped while it, every header of the project that it includes (as ninja recorded them), its command line
# and the configuration are what they were when it last passed.
set -u -o pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
build=$1
cache=$build/tidy-cache
mkdir -p "$cache"
# Without the precompiled headers, so that a file that relies on them instead of including what it needs is found.
sed -E 's/ -Winvalid-pch -include (\\"[^"]*"|[^ ]*)//' "$build/compile_commands.json" >"$cache/compile_commands.json"

# SOURCE<tab>COMMAND for each file of app/ and ui/ that is compiled.
compiled() {
    awk -v root="$PWD/" '
        function value(line) { sub(/^ *"[a-z]+": "/, "", line); sub(/",?$/, "", line); gsub(/\\"/, "\"", line); return line }
        /^ *"command": / { command = value($0) }
        /^ *"file": / { file = value($0) }
        /^}/ {
            if (index(file, root) == 1) {
                file = substr(file, length(root) + 1)
                if (file ~ /^(app|ui)\/.*\.cpp$/) print file "\t" command
            }
        }' "$cache/compile_commands.json"
}

# One line "FILE KEY" for each compiled file, where KEY changes with anything that clang-tidy would look at.
keys() {
    local sums base
    sums=$(find app ui -name '*.h' -o -name '*.cpp' | LC_ALL=C sort | xargs -d '\n' sha256sum)
    base=$({ cat .clang-tidy tests/tidy.sh && clang-tidy-19 --version; } | sha256sum)
    { compiled && echo "--deps" && ninja -C "$build" -t deps; } | awk -v root="$PWD/" -v sums="$sums" -v base="$base" -v now="$EPOCHREALTIME" '
        BEGIN {
            count = split(sums, rows, "\n")
            for (i = 1; i <= count; i++) sum[substr(rows[i], 67)] = substr(rows[i], 1, 64)
        }
        /^--deps$/ { deps = 1; next }
        !deps { split($0, part, "\t"); command[part[1]] = part[2]; next }
        # The first line of each list is the source itself.
        /^[^ ].*: #deps / { current = ""; next }
        /^    / {
            path = substr($0, 5)
            if (index(path, root) == 1) path = substr(path, length(root) + 1)
            else sub(/^(\.\.\/)+/, "", path)
            if (current == "") current = path
            if (path in sum) seen[current] = seen[current] " " path ":" sum[path]
        }
        END {
            # Never built: no list of headers, so a key that no later run can have.
            for (file in command) print file "\t" base command[file] (file in seen ? seen[file] : now)
        }
    ' | while IFS=$'\t' read -r file key; do
        echo "$file $(sha256sum <<<"$key" | cut -c1-64)"
    done
}

# Called for one file by xargs.
tidy_one() {
    local file=$1 key=$2 out
    if out=$(clang-tidy-19 -p "$cache" --quiet --extra-arg=-Wno-unknown-warning-option "$file" 2>/dev/null) && [[ -z $out ]]; then
        : >"$cache/$key"
    else
        out=${out//"$PWD/"/}
        echo "${out:-$file: clang-tidy could not read it}"
    fi
}

export -f tidy_one
export cache
keys | LC_ALL=C sort | while read -r file key; do
    [[ -f $cache/$key ]] || printf '%s\n%s\n' "$file" "$key"
done | xargs -d '\n' -r -n2 -P "$(nproc)" bash -c 'tidy_one "$@"' _
find "$cache" -type f -mtime +30 -delete
