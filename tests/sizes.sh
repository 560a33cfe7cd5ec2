#!/bin/bash
# SPDX-FileCopyrightText: 2026 The Mooring authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
#   tests/sizes.sh
#
# How app/ and ui/ are cut into files, classes and functions, as universal-ctags sees them (a function from its first to its
# last line, lambdas too). Prints one finding a line, for tests/lint.sh, each with its kind in front:
#
#   figure      what was counted
#   question    a file of more than 500 lines: is its class two? Nothing fails for it
#   split       a class whose functions lie in more than one .cpp
#   headerless  a .cpp without the header of its name
#   friend      a class that lets another one at its inside
#   long        a function of more than 60 lines, or too many long ones
#   exception   an exception below that is needed no more
set -u -o pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

# Where a folder does not keep a rule yet: "KIND FOLDER". To be empty when the house is in order; until then, what is listed
# and holds already is told, so that it is taken out.
exceptions=(
    "split app/http"
    "split app/oauth"
    "headerless app/http"
    "headerless app/oauth"
    "friend app/http"
)

# main.cpp has no header, and a file that is named after a platform has that of the class.
platform='_(linux|unix|windows|macos)[.]cpp$'
sources() { find app ui -name '*.cpp' | LC_ALL=C sort; }
headers() { find app ui -name '*.h' | LC_ALL=C sort; }

# A line each: file, first line, last line, what it is in (class, namespace, function), the name of that, its own.
functions() {
    sources | ctags -L - -x --languages=C++ --kinds-C++=f \
        --_xformat=$'%F\t%n\t%{end}\t%{scopeKind}\t%{scope}\t%N'
}

count_functions() {
    awk -F'\t' '{ print $3 - $2 + 1 }' | sort -n | awk '
        { lines[NR] = $1; long += $1 > 40 }
        END {
            if (NR == 0) { print "long no function was found"; exit }
            median = lines[int((NR + 1) / 2)]
            p90 = lines[int(NR * 0.9) + 1]
            share = 100 * long / NR
            printf "figure functions: %d; median %d lines, p90 %d, longest %d, over 40: %.2f %%\n", NR, median, p90, lines[NR], share
            if (median > 8) print "long the median of all functions is " median " lines, not at most 8"
            if (p90 > 26) print "long one function in ten has more than " p90 " lines; that should be 26"
            if (share > 1) printf "long %.2f %% of the functions have more than 40 lines, not at most 1 %%\n", share
        }'
}

long_functions() {
    awk -F'\t' '$3 - $2 + 1 > 60 { print "long " $1 ":" $2 ": " $6 "() has " $3 - $2 + 1 " lines" }'
}

split_classes() {
    awk -F'\t' -v platform="$platform" '
        ($4 == "class" || $4 == "struct") && $1 !~ platform && !(($5, $1) in seen) {
            seen[$5, $1]
            count[$5]++
            files[$5] = files[$5] " " $1
        }
        END {
            for (class in count) {
                classes++
                if (count[class] > 1) { splits++; print "split " substr(files[class], 2) ": " class }
            }
            printf "figure classes with functions in a .cpp: %d, in more than one: %d\n", classes, splits
        }'
}

headerless() {
    local file
    sources | while read -r file; do
        [[ $file == */main.cpp || $file =~ $platform || -f ${file%.cpp}.h ]] || echo "headerless $file"
    done
}

# Operators are no classes.
friends() {
    headers | xargs grep -nHE '^ *friend\b' | grep -vE '\boperator *[=<>]' | sed -E 's/^/friend /; s/: +friend/: friend/'
}

large_files() {
    { sources && headers; } | xargs wc -l | awk '$2 != "total" && $1 > 500 { print "question " $2 " has " $1 " lines: is its class two?" }'
}

count_lines() {
    { sources && headers; } | xargs cat | wc -l | sed 's/.*/figure lines of app and ui: &/'
}

# Leaves out what is excepted, and tells which exceptions nothing needs any more.
without_exceptions() {
    awk -v list="$(printf '%s\n' "${exceptions[@]}")" '
        BEGIN { count = split(list, listed, "\n") }
        {
            for (i = 1; i <= count; i++) {
                split(listed[i], part, " ")
                if ($1 == part[1] && index($2, part[2] "/") == 1) { used[i] = 1; next }
            }
            print
        }
        END {
            for (i = 1; i <= count; i++)
                if (listed[i] != "" && !(i in used)) print "exception \"" listed[i] "\" holds now: take it out of tests/sizes.sh"
        }'
}

if ! ctags --version 2>/dev/null | grep -q 'Universal Ctags'; then
    echo "long nothing could be counted without universal-ctags"
    exit 1
fi
found=$(functions)
{
    count_lines
    count_functions <<<"$found"
    split_classes <<<"$found"
    headerless
    friends
    long_functions <<<"$found"
    large_files
} | without_exceptions
