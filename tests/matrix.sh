#!/bin/bash
# SPDX-FileCopyrightText: 2026 The Mooring authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
#   tests/matrix.sh RESULTS.xml
#
# Prints the fault matrix (tests/matrix.txt): what came out of each of its cells in that ctest run, the figures, and
# "N passed, N failed". A test names the cells that it proves right above its function, or above its _data():
#
#   // Matrix: 26 CB, 39 CB           the whole test proves them
#   // Matrix: 1-23,28,32 PRB         its data rows prove them: a cell's own begin with the number of its row
#
# A cell fails without a test, and if one of its tests failed or was not run.
set -u -o pipefail
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
results=$1

# Lines of claims: row, column, Class::function, and "rows" where the data rows count.
find . -name 'tst_*.cpp' -print0 | sort -z | xargs -0 awk '
    function flush_claims(fn,   i, j, n, parts, rows, span, word, count, first, last) {
        gsub(/,/, " ", claims)
        n = split(claims, parts, " ")
        count = 0
        for (i = 1; i <= n; i++) {
            word = parts[i]
            if (word ~ /^[0-9]/) {
                rows[++count] = word
                continue
            }
            for (j = 1; j <= count; j++) {
                split(rows[j], span, "-")
                first = span[1]
                last = rows[j] ~ /-/ ? span[2] : first
                for (; first + 0 <= last + 0; first++)
                    print "claim", first, word, fn, (count > 1 || rows[j] ~ /-/ ? "rows" : "all")
            }
            count = 0
        }
        claims = ""
    }
    /^\/\/ Matrix: / { claims = claims " " substr($0, 12); next }
    claims != "" && match($0, /^void [A-Za-z0-9_]+::[A-Za-z0-9_]+\(\)/) {
        fn = substr($0, 6, RLENGTH - 7)
        sub(/_data$/, "", fn)
        flush_claims(fn)
        next
    }
    claims != "" && !/^\/\// { print "stray", FILENAME, FNR; claims = "" }
' >"$results.cells"

awk -v claims="$results.cells" -v results="$results" '
    function note(key, text) {
        if (text ~ /^PASS/ && outcome[key] != "failed")
            outcome[key] = "passed"
        else if (text !~ /^PASS/)
            outcome[key] = "failed"
    }
    BEGIN {
        columnCount = split("PRB PRM ASM REG AUT CB TOK KEY REF REV CFG", columns, " ")
        while ((getline line < results) > 0) {
            if (match(line, /(PASS   |FAIL!  |XFAIL  |SKIP   ): [A-Za-z0-9_]+::[A-Za-z0-9_]+\([0-9]*/)) {
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
                print "A comment \"Matrix\" without a test function below it: " part[2] ":" part[3]
                failed++
                continue
            }
            cell = part[2] " " part[3]
            key = part[5] == "rows" ? part[4] " " part[2] : part[4]
            state = outcome[key]
            claimed[cell] = part[4]
            if (state == "")
                state = "not run"
            if (worst[cell] == "" || worst[cell] == "passed" || state == "failed") {
                worst[cell] = state
                culprit[cell] = part[4]
            }
        }
    }
    /^#/ || NF == 0 { next }
    {
        cell = $1 " " $2
        known[cell] = 1
        cells++
        if ($1 > lastRow)
            lastRow = $1
        if (worst[cell] == "") {
            untested++
            mark[cell] = "?"
            missing = missing "\n  " $0
        } else {
            tested++
            mark[cell] = worst[cell] == "passed" ? $3 : "!" $3
            if (worst[cell] == "passed")
                passed++
            else
                broken = broken "\n  " $0 " (" worst[cell] ": " culprit[cell] ")"
        }
    }
    END {
        printf "%-4s", "row"
        for (i = 1; i <= columnCount; i++)
            printf "%-7s", columns[i]
        print ""
        for (row = 1; row <= lastRow; row++) {
            printf "%-4s", row
            for (i = 1; i <= columnCount; i++) {
                cell = row " " columns[i]
                printf "%-7s", (cell in known) ? mark[cell] : "-"
            }
            print ""
        }
        print "Each cell shows the outcome that is tested (the codes are in matrix.txt); ? no test, ! failed or not run."
        if (missing != "")
            print "Without a test:" missing
        if (broken != "")
            print "Failed or not run:" broken
        for (cell in claimed)
            if (!(cell in known)) {
                print "A test proves a cell that the matrix does not have: " cell " (" claimed[cell] ")"
                failed++
            }
        printf "cells %d, tested %d, passed %d, untested %d\n", cells, tested, passed, untested
        printf "%d passed, %d failed\n", passed, failed + cells - passed
        exit failed + cells - passed > 0
    }
' matrix.txt
