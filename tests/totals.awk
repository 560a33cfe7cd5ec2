# SPDX-FileCopyrightText: 2026 The Mooring authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Reads the JUnit file of a ctest run, prints "PASSED FAILED" and, on standard error, what is said of each failure.
# The unit that is counted is the Qt Test function (each row of a table counts; set-up and clean-up do not). A test that
# is no Qt Test program counts as what its own line "N passed, N failed" says, or else as one.
# A skip, a crash, a time-out, a program that could not start and one that ran nothing are failures.

function attribute(line, key,    start, rest) {
    start = index(line, " " key "=\"")
    if (!start) {
        return ""
    }
    rest = substr(line, start + length(key) + 3)
    return substr(rest, 1, index(rest, "\"") - 1)
}

function complain(text) {
    gsub(/&lt;/, "<", text)
    gsub(/&gt;/, ">", text)
    gsub(/&quot;/, "\"", text)
    gsub(/&apos;/, "'", text)
    gsub(/&amp;/, "\\&", text)
    print "  " name ": " text > "/dev/stderr"
}

function closeCase() {
    if (skips) {
        bad += skips
    }
    if (isQtTest && !isComplete) {
        bad++
        complain("ended in the middle of a function (crash or time-out)")
    }
    if (status != "run" && bad == 0) {
        bad = 1
        complain(status == "fail" ? "ended badly (crash, time-out or exit code), though no function failed" : "was not run")
    }
    if (status == "run" && good + bad == 0) {
        if (isQtTest) {
            bad = 1
            complain("ran no test function")
        } else {
            good = 1
        }
    }
    passed += good
    failed += bad
    name = ""
}

/<testcase / {
    name = attribute($0, "name")
    status = attribute($0, "status")
    good = bad = skips = isQtTest = isComplete = 0
    delete seen
    more = 0
}

name == "" { next }

{
    line = $0
    sub(/^.*<system-out>/, "", line)
    sub(/<\/system-out>.*$/, "", line)
}

line ~ /^\*+ Start testing of / { isQtTest = 1 }

line ~ /^Totals: / { isComplete = 1 }

line ~ /^PASS   : / && line !~ /::(initTestCase|cleanupTestCase)\(\)/ { good++ }

line ~ /^(FAIL!|XPASS|SKIP)  *: / {
    function_ = line
    sub(/^[A-Z!]+ *: /, "", function_)
    sub(/\) .*$/, ")", function_)
    if (!(function_ in seen)) {
        seen[function_] = 1
        if (line ~ /^SKIP/) {
            skips++
            complain(function_ " was skipped, which counts as a failure")
        } else {
            bad++
            complain(substr(line, 10))
            more = 4
        }
    }
    next
}

# The values that were compared, and the place.
more > 0 && line ~ /^   / {
    complain(line)
    more--
    next
}

{ more = 0 }

# What is no Qt Test program.
!isQtTest && line ~ /^FAIL / { complain(substr(line, 6)) }

line ~ /^[0-9]+ passed, [0-9]+ failed$/ {
    split(line, words, " ")
    good += words[1]
    bad += words[3]
}

/<skipped/ && status != "notrun" { skips++; complain("was skipped, which counts as a failure") }

/<\/testcase>/ { closeCase() }

END { print passed + 0, failed + 0 }
