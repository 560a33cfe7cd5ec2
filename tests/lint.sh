#!/bin/bash
# SPDX-FileCopyrightText: 2026 The Mooring authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# tests/lint.sh BUILD_DIR: the house rules, each a check that prints FILE:LINE for what it found.
# Called by ./tests/run lint, which installs the tools and builds first. The last line says "N passed, N failed".
set -u -o pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
build=${1:-build/dev}
passed=0
failed=0

# Every file of the project, tracked or new, but nothing that is ignored.
list_files() {
    if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
        git ls-files -z --cached --others --exclude-standard
    else
        find . \( -name .git -o -name build -o -name node_modules \) -prune -o -type f -printf '%P\0'
    fi
}

# check NAME FUNCTION: what the function prints is what is wrong.
check() {
    local found
    found=$("$2" 2>&1)
    if [[ -z $found ]]; then
        echo "ok       $1"
        passed=$((passed + 1))
    else
        echo "NOT OK   $1"
        echo "  ${found//$'\n'/$'\n'  }"
        failed=$((failed + 1))
    fi
}

# search PATTERN FILE…: matching lines that are no comments, as FILE:LINE:TEXT.
search() {
    local pattern=$1
    shift
    (($#)) || return 0
    grep -nHP -- "$pattern" "$@" | grep -vP '^[^:]+:[0-9]+:\s*(//|\*|#(?!include))'
}

mkdir -p "$build"
list_files >"$build/lint-files"
files=()
while IFS= read -r -d '' file; do
    [[ -f $file ]] && files+=("$file")
done <"$build/lint-files"
cpp=() house=() shell=() text=() marked=() verbatim=()
for file in "${files[@]}"; do
    case $file in *.cpp | *.h) cpp+=("$file") ;; esac
    case $file in app/*.cpp | app/*.h | ui/*.cpp | ui/*.h) house+=("$file") ;; esac
    case $file in *.sh | installer/run | tests/run | .ci/run) shell+=("$file") ;; esac
    case $file in LICENSE | *.png | *.jpg | *.ico | *.gz | *.bin | tests/fuzz/corpus/*) ;; *) text+=("$file") ;; esac
    # Blanks belong to what people paste, and what an older version has written stays as it was.
    case $file in tests/interop/forms/* | tests/connections/data/*) verbatim+=("$file") ;; esac
    case $file in
    *.cpp | *.h | *.cmake | CMakeLists.txt | */CMakeLists.txt | *.sh | *.awk | *.mjs | *.js | *.cjs | *.ts | *.py | \
        *.svg | *.html | *.css | *.desktop | *.in | *.xml | installer/run | tests/run | .ci/run | .clang-tidy | .clang-format)
        # A .ts in resources/ is a Qt translation; Qt's tools rewrite it and drop comments.
        [[ $file == resources/*.ts || $file == tests/fuzz/corpus/* ]] || marked+=("$file")
        ;;
    esac
done

if ((${#house[@]} == 0 || ${#shell[@]} == 0)); then
    echo "The sources were not found, so nothing was checked."
    echo "0 passed, 1 failed"
    exit 1
fi

format() {
    # One line a file is enough: clang-format -i mends them all.
    printf '%s\0' "${cpp[@]}" | xargs -0 clang-format-19 --dry-run -Werror 2>&1 \
        | awk -F: '/(error|warning):/ && !seen[$1]++ { print $1 ":" $2 ": is not formatted (clang-format-19 -i " $1 ")" }'
}

spdx() {
    local file
    for file in "${marked[@]}"; do
        head -n 6 "$file" | grep -q 'SPDX-License-Identifier: GPL-3.0-or-later' || echo "$file:1: no SPDX-License-Identifier"
    done
}

rich_text_links() { search '(?i)openExternalLinks\s*\(\s*true' "${house[@]}"; }

insecure_fallback() { search '(?i)insecureFallback\s*\(\s*true' "${house[@]}"; }

access_manager() {
    search '(new|make_unique<|make_shared<|public|protected|private)\s*QNetworkAccessManager\b|\bQNetworkAccessManager\s*[({]|(?<!class )\bQNetworkAccessManager\s+\w+\s*[;({=]' \
        "${house[@]}" | grep -v '^app/http/accessmanager\.'
}

processes() {
    search '\bQProcess\b(?!Environment)|(\bstd::|(?<![\w:.>]))(system|popen)\s*\(' "${house[@]}" | grep -v '^app/cli/'
}

nested_loops() {
    search '\bQEventLoop\b|\bQCoro::waitFor\b|\bwaitFor(Started|Finished|Connected|Disconnected|ReadyRead|BytesWritten|NewConnection)\s*\(|\bprocessEvents\s*\(' \
        "${house[@]}"
}

blind_sleeps() {
    local tests=()
    for file in "${cpp[@]}"; do [[ $file == tests/* && $file != tests/support/standstill.h ]] && tests+=("$file"); done
    search '\bqWait\s*\(|\bqSleep\s*\(|\bsleep_for\s*\(|\busleep\s*\(' "${tests[@]}"
}

# The brackets keep these lines from finding themselves.
machine_paths() {
    grep -nHP '(^|[\s"'\''=(:,])/(work|home|root|Users)/[A-Za-z0-9_.-]' -- "${text[@]}"
    grep -nHP 'https?://[\w.-]*([n]pmjs|[y]arnpkg|[p]ypi|[a]rtifactory|[c]rates\.io)' -- "${text[@]}"
}

lock_files() {
    local file
    for file in "${files[@]}"; do
        [[ $file == *package-lock.json ]] && grep -nH '"resolved":' "$file" | head -n 3
    done
}

whitespace() {
    local file written=()
    for file in "${text[@]}"; do [[ " ${verbatim[*]} " == *" $file "* ]] || written+=("$file"); done
    grep -nHP '[ \t]+$' -- "${written[@]}" | grep -v '\.md:'
    grep -nHP '\r$|^(<{7}|>{7}) ' -- "${written[@]}"
    search '^ *\t' "${cpp[@]}"
    for file in "${written[@]}"; do
        [[ ! -s $file || $(tail -c1 "$file" | wc -l) -eq 1 ]] || echo "$file: the last line does not end"
    done
}

shell_scripts() {
    local file
    for file in "${shell[@]}"; do
        bash -n "$file"
    done
    command -v shellcheck >/dev/null && shellcheck -x -S warning -f gcc "${shell[@]}"
}

node_scripts() {
    local file
    command -v node >/dev/null || return 0
    for file in "${files[@]}"; do
        [[ $file == *.mjs ]] && { node --check "$file" 2>&1 | head -n 5; }
    done
}

# Kinds of findings of tests/sizes.sh.
sizes() { sed -n "s/^$1 //p" "$build/lint-sizes"; }
split_classes() { sizes split; }
headerless() { sizes headerless; }
friends() { sizes friend; }
long_functions() {
    sizes long
    grep -q '^figure functions:' "$build/lint-sizes" || echo "tests/sizes.sh has counted nothing"
}
exceptions() { sizes exception; }

tidy() { tests/tidy.sh "$build"; }

check "format (clang-format 19)" format
check "licence header (SPDX)" spdx
check "no links opened by rich text" rich_text_links
check "no insecure keychain fallback" insecure_fallback
check "access managers only in app/http/accessmanager" access_manager
check "processes only in app/cli" processes
check "no nested event loops" nested_loops
check "no blind sleeps in tests" blind_sleeps
check "no machine paths, no registry hosts" machine_paths
check "lock files without addresses" lock_files
check "whitespace" whitespace
check "shell scripts" shell_scripts
check "node scripts" node_scripts
tests/sizes.sh >"$build/lint-sizes"
sizes figure
sizes question
check "each class in one .cpp (or one a platform)" split_classes
check "each .cpp has the header of its name" headerless
check "no friends between classes" friends
check "functions: median 8 lines, p90 26, none over 60, 1 % over 40" long_functions
check "no exception that is needed no more" exceptions
check "clang-tidy 19" tidy

echo "$passed passed, $failed failed"
((failed == 0))
