# shellcheck shell=bash
# SPDX-FileCopyrightText: 2026 The Mooring authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Sourced by installer/run and tests/run, from the project's folder and after dependencies.sh:
# one way to configure and build a preset.

# build_preset PRESET [TARGET…]: configures when needed and builds; quiet unless something goes wrong.
build_preset() {
    local preset=$1 dir=build/$1 options=()
    shift
    need_parts build || return 1
    mkdir -p "$dir"
    if command -v ccache >/dev/null; then
        options+=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
        # Else it lets everything through that uses a precompiled header.
        export CCACHE_SLOPPINESS=${CCACHE_SLOPPINESS:-pch_defines,time_macros}
    fi
    # A tree that was copied or moved keeps the old place in its cache, and CMake would refuse it.
    if [[ -f $dir/CMakeCache.txt ]] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$PWD" "$dir/CMakeCache.txt"; then
        options+=(--fresh)
    fi
    if ! cmake --preset "$preset" "${options[@]}" >"$dir/configure.log" 2>&1; then
        tail -n 40 "$dir/configure.log"
        echo "Configuring $dir did not work. The whole output is in $dir/configure.log"
        return 1
    fi
    if [[ -t 1 ]]; then
        cmake --build "$dir" --parallel "$(nproc)" ${1:+--target "$@"}
        return
    fi
    if ! cmake --build "$dir" --parallel "$(nproc)" ${1:+--target "$@"} >"$dir/build.log" 2>&1; then
        grep -E -A12 'error:|FAILED|undefined reference' "$dir/build.log" | head -n 80
        echo "Building $dir did not work. The whole output is in $dir/build.log"
        return 1
    fi
}
