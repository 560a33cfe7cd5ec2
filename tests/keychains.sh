#!/bin/bash
# SPDX-FileCopyrightText: 2026 The Mooring authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
#   tests/keychains.sh RESULTS.xml
#
# Prints every keychain in every case with every job (tests/keychains.txt): the outcome, and what the person was told in
# that ctest run; then the figures and "N passed, N failed". A cell fails without a line in the table, without having been
# played, and if its test failed.
set -u -o pipefail
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1

sed 's/&quot;/"/g; s/&apos;/'"'"'/g; s/&lt;/</g; s/&gt;/>/g; s/&#x[0-9A-Fa-f]*;/ /g; s/&amp;/\&/g' "$1" |
    grep -aE '^cell: |::cell\(' >"$1.keychains"

awk -v results="$1.keychains" '
    BEGIN {
        keychainCount = split("gnome-keyring kwallet kwallet-service keepassxc keepassxc-free", keychains, " ")
        caseCount = split("open locked closed denied missing slow hanging killed-after-write killed-in-write " \
                          "switched-off changed-in-use default-gone", cases, " ")
        jobCount = split("authorize use refresh disconnect remove", jobs, " ")
        while ((getline line < results) > 0) {
            if (line ~ /^cell: /) {
                count = split(line, part, / \| /)
                key = substr(part[1], 7)
                exits[key] = substr(part[2], 6)
                wrong += substr(part[3], 7)
                lost += substr(part[4], 6)
                left += substr(part[5], 6)
                text = part[6]
                for (i = 7; i <= count; i++)
                    text = text " | " part[i]
                told[key] = text
                played++
            } else if (match(line, /(PASS   |FAIL!  |XFAIL  |SKIP   ): [A-Za-z0-9_]+::cell\([^)]*\)/)) {
                key = substr(line, RSTART, RLENGTH)
                state = key ~ /^PASS/ ? "passed" : "failed"
                sub(/^.*\(/, "", key)
                sub(/\)$/, "", key)
                if (outcome[key] != "failed")
                    outcome[key] = state
            }
        }
    }
    /^#/ || NF == 0 { next }
    {
        words = $0
        for (i = 1; i <= 4; i++)
            sub(/^ *[^ ]+ */, "", words)
        for (i = 1; i <= jobCount; i++)
            if ($3 == "*" || $3 == jobs[i]) {
                key = $1 " " $2 " " jobs[i]
                if (key in code) {
                    print "Twice in keychains.txt: " key
                    failed++
                }
                code[key] = $4
                meant[key] = words
            }
    }
    function show(keychain, name,   i, key, state, one) {
        one = keychain " " name " " jobs[1]
        for (i = 1; i <= jobCount; i++) {
            key = keychain " " name " " jobs[i]
            cells++
            if (!(key in code)) {
                missing = missing "\n  " key
                untested++
                continue
            }
            if (meant[key] == "") {
                print "Without words in keychains.txt: " key
                failed++
            }
            if (i == 1 || meant[key] != meant[keychain " " name " " jobs[i - 1]])
                printf "%s%s\n", i == 1 ? "  " name ": " : "    ", meant[key]
            if (code[key] == "none") {
                reasoned++
                printf "    %-11s -\n", jobs[i]
                continue
            }
            state = outcome[key] == "" ? "not run" : outcome[key]
            if (state == "not run")
                untested++
            if (state == "passed")
                passed++
            else
                broken = broken "\n  " key " (" state ")"
            printf "    %-11s %s%-8s exit %-4s %s\n", jobs[i], state == "passed" ? " " : "!", code[key], exits[key], told[key]
        }
    }
    END {
        for (k = 1; k <= keychainCount; k++) {
            print keychains[k]
            for (c = 1; c <= caseCount; c++)
                show(keychains[k], cases[c])
        }
        print "Each cell: the outcome that is tested (the words are in keychains.txt), exit codes, what was told; ! failed or not run."
        if (missing != "")
            print "Not in keychains.txt:" missing
        if (broken != "")
            print "Failed or not run:" broken
        printf "cells %d: played %d, passed %d, can not be (why is said) %d, untested %d; ", cells, played, passed, reasoned, untested
        printf "wrong beliefs %d, lost sign-ins %d, items left %d\n", wrong, lost, left
        failed += cells - passed - reasoned
        printf "%d passed, %d failed\n", passed, failed
        exit failed > 0
    }
' keychains.txt
