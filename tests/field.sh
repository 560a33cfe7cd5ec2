#!/bin/bash
# SPDX-FileCopyrightText: 2026 The Mooring authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
#   tests/field.sh RESULTS.xml
#
# Prints what real servers and READMEs send (tests/field.txt), by kind: the cases, and what came out of the tests that name
# them in that ctest run; then "N passed, N failed". A test names its cases right above its function, or above its _data():
#
#   // Field: 2.1, 2.7               the whole test proves them
#   // Field: 4.1-4.6                its data rows prove them: a case's own begin with its number
#
# A case fails without a test, and if one of its tests failed or was not run; a kind fails with fewer than five cases, or
# with fewer than three siblings.
set -u -o pipefail
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
results=$1

# Lines of claims: case, Class::function, and "rows" where the data rows count.
find . -name 'tst_*.cpp' -print0 | sort -z | xargs -0 awk '
    function claim(fn,   i, n, words, ends, first, last) {
        gsub(/,/, " ", claims)
        n = split(claims, words, " ")
        for (i = 1; i <= n; i++) {
            if (words[i] !~ /-/) {
                print "claim", words[i], fn, "all"
                continue
            }
            split(words[i], ends, "-")
            kind = ends[1]
            sub(/\..*/, "", kind)
            first = ends[1]
            sub(/.*\./, "", first)
            last = ends[2]
            sub(/.*\./, "", last)
            for (; first + 0 <= last + 0; first++)
                print "claim", kind "." first, fn, "rows"
        }
        claims = ""
    }
    /^\/\/ Field: / { claims = claims " " substr($0, 11); next }
    claims != "" && match($0, /^void [A-Za-z0-9_]+::[A-Za-z0-9_]+\(\)/) {
        fn = substr($0, 6, RLENGTH - 7)
        sub(/_data$/, "", fn)
        claim(fn)
        next
    }
    claims != "" && !/^\/\// { print "stray", FILENAME, FNR; claims = "" }
' >"$results.cases"

awk -v claims="$results.cases" -v results="$results" '
    function note(key, text) {
        if (text ~ /^PASS/ && outcome[key] != "failed")
            outcome[key] = "passed"
        else if (text !~ /^PASS/)
            outcome[key] = "failed"
    }
    BEGIN {
        while ((getline line < results) > 0) {
            if (match(line, /(PASS   |FAIL!  |XFAIL  |SKIP   ): [A-Za-z0-9_]+::[A-Za-z0-9_]+\([0-9.]*/)) {
                text = substr(line, RSTART, RLENGTH)
                fn = text
                sub(/^[^:]*: /, "", fn)
                row = fn
                sub(/\(.*/, "", fn)
                sub(/.*\(/, "", row)
                note(fn, text)
                if (row != "")
                    note(fn " " row, text)
            }
        }
        while ((getline line < claims) > 0) {
            split(line, part, " ")
            if (part[1] == "stray") {
                print "A comment \"Field\" without a test function below it: " part[2] ":" part[3]
                failed++
                continue
            }
            id = part[2]
            key = part[4] == "rows" ? part[3] " " id : part[3]
            state = outcome[key] == "" ? "not run" : outcome[key]
            claimed[id] = part[3]
            if (worst[id] == "" || worst[id] == "passed" || state == "failed") {
                worst[id] = state
                culprit[id] = part[3]
            }
        }
    }
    /^## / {
        kind = $2
        kinds++
        order[kinds] = kind
        title[kind] = substr($0, 4)
        next
    }
    /^#/ || NF == 0 { next }
    {
        id = $1
        if (id in known) {
            print "Two cases have the number " id
            failed++
        }
        if (id !~ ("^" kind "\\.[0-9]+$") || ($2 != "reported" && $2 != "sibling")) {
            print "Not understood in field.txt: " $0
            failed++
        }
        known[id] = 1
        cases++
        count[kind]++
        if ($2 == "sibling")
            siblings[kind]++
        if (worst[id] == "")
            missing = missing "\n  " $0
        else if (worst[id] == "passed") {
            passed++
            good[kind]++
        } else
            broken = broken "\n  " $0 " (" worst[id] ": " culprit[id] ")"
    }
    END {
        printf "%-5s %-6s %-9s %s\n", "cases", "passed", "siblings", "kind"
        for (i = 1; i <= kinds; i++) {
            kind = order[i]
            printf "%5d %6d %9d %s\n", count[kind], good[kind], siblings[kind], title[kind]
            if (count[kind] < 5 || siblings[kind] < 3) {
                thin = thin "\n  " title[kind]
                failed++
            }
        }
        if (missing != "")
            print "Without a test:" missing
        if (broken != "")
            print "Failed or not run:" broken
        if (thin != "")
            print "Kinds with fewer than five cases, or fewer than three siblings:" thin
        for (id in claimed)
            if (!(id in known)) {
                print "A test proves a case that field.txt does not have: " id " (" claimed[id] ")"
                failed++
            }
        printf "kinds %d and dead ends, cases %d, passed %d\n", kinds - 1, cases, passed
        failed += cases - passed
        printf "%d passed, %d failed\n", passed, failed
        exit failed > 0
    }
' field.txt
