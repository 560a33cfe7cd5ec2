#!/bin/bash
# SPDX-FileCopyrightText: 2026 The Mooring authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
#   tests/requirements.sh RESULTS.xml
#
# Prints what MCP asks of a client (tests/requirements.txt) and what holds against attacks and accidents (tests/threats.txt),
# which tests say that they prove it and how those came out in that ctest run, then "N passed, N failed". A row without a test
# fails, and so does one whose test failed or was not run.
set -u -o pipefail
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
results=$1

# Lines of proofs: id, Class::function. The comment stands right above the function, or above its _data().
find . -name 'tst_*.cpp' -print0 | sort -z | xargs -0 awk '
    /^\/\/ Proves: / { ids = ids " " substr($0, 12); next }
    ids != "" && match($0, /^void [A-Za-z0-9_]+::[A-Za-z0-9_]+\(\)/) {
        fn = substr($0, 6, RLENGTH - 7)
        sub(/_data$/, "", fn)
        gsub(/,/, " ", ids)
        count = split(ids, list, " ")
        for (i = 1; i <= count; i++)
            print "proof", list[i], fn
        ids = ""
        next
    }
    ids != "" && !/^\/\// { print "stray", FILENAME, FNR; ids = "" }
' >"$results.proofs"

awk -v proofs="$results.proofs" -v results="$results" '
    BEGIN {
        while ((getline line < results) > 0) {
            if (match(line, /(PASS   |FAIL!  |XFAIL  |SKIP   ): [A-Za-z0-9_]+::[A-Za-z0-9_]+\(/)) {
                text = substr(line, RSTART, RLENGTH)
                fn = text
                sub(/^[^:]*: /, "", fn)
                sub(/\($/, "", fn)
                if (text ~ /^PASS/ && outcome[fn] != "failed")
                    outcome[fn] = "passed"
                else if (text !~ /^PASS/)
                    outcome[fn] = "failed"
            }
        }
        while ((getline line < proofs) > 0) {
            split(line, part, " ")
            if (part[1] == "stray") {
                print "A comment \"Proves\" without a test function below it: " part[2] ":" part[3]
                failed++
            } else {
                tests[part[2]] = tests[part[2]] " " part[3]
            }
        }
        printf "%-9s %-8s %-10s %-9s %s\n", "id", "level", "since", "state", "what it says, and the tests that prove it"
    }
    /^#/ || NF == 0 { next }
    {
        known[$1] = 1
        state = tests[$1] == "" ? "NO TEST" : "passed"
        count = split(tests[$1], list, " ")
        for (i = 1; i <= count; i++) {
            if (outcome[list[i]] == "failed")
                state = "FAILED"
            else if (outcome[list[i]] == "" && state == "passed")
                state = "NOT RUN"
        }
        if (state == "passed") passed++; else failed++
        text = $0
        sub(/^[^ ]+ [^ ]+ [^ ]+ /, "", text)
        printf "%-9s %-8s %-10s %-9s %s\n", $1, $2, $3, state, text
        for (i = 1; i <= count; i++)
            printf "%39s · %s\n", "", list[i]
    }
    END {
        for (id in tests)
            if (!(id in known)) {
                print "A test proves what is not in the list: " id
                failed++
            }
        printf "%d passed, %d failed\n", passed, failed
        exit failed > 0
    }
' requirements.txt threats.txt
