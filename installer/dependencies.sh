#!/bin/bash
# SPDX-FileCopyrightText: 2026 The Mooring authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Knows what the parts of the project need from a Debian or Ubuntu system, and installs what is missing.
#
#   installer/dependencies.sh PART…            installs what is missing for these parts
#   installer/dependencies.sh --missing PART…  only names what is missing, one package a line
#
# Parts: build run keyring test lint fuzz. The other scripts source this file and call need_parts.
# A word a|b means: either will do, the first that exists is taken. A word ?a is welcome, but nothing fails without it.

# What a real desktop has: with few fonts, texts in many scripts are far cheaper to draw than they are for people.
desktop_fonts="fonts-noto-core fonts-noto-color-emoji fonts-noto-cjk"

packages_of_part() {
    case $1 in
    build)
        echo "g++ cmake ninja-build pkg-config ?ccache ?mold qt6-base-dev qt6-tools-dev qt6-tools-dev-tools qt6-l10n-tools"
        echo "qt6-networkauth-dev qt6-svg-dev|libqt6svg6-dev qtkeychain-qt6-dev qcoro-qt6-dev libgl1-mesa-dev zlib1g-dev libssl-dev"
        echo "libjsoncpp-dev libtomlplusplus-dev libyaml-cpp-dev libglib2.0-dev"
        ;;
    run) echo "libsecret-1-0 libqt6svg6 gnome-keyring dbus dbus-x11 ?xdg-utils fonts-dejavu-core" ;;
    keyring)
        echo "libsecret-1-0 gnome-keyring dbus dbus-x11 libglib2.0-bin libsecret-tools fonts-dejavu-core $desktop_fonts"
        echo "keepassxc libkf5wallet-bin libqca-qt5-2-plugins xvfb openbox xdotool"
        echo "gcr"
        ;;
    test)
        echo "xvfb openbox xdotool imagemagick x11-utils xauth xdg-utils openssl ca-certificates procps $desktop_fonts"
        command -v node >/dev/null || echo "nodejs"
        command -v npm >/dev/null || echo "npm"
        have_browser || echo "chromium"
        ;;
    lint) echo "git clang-format-19 clang-tidy-19 universal-ctags ?shellcheck" ;;
    fuzz) echo "clang-19 libclang-rt-19-dev" ;;
    *)
        echo "No such part: $1" >&2
        return 2
        ;;
    esac
}

why_of_part() {
    case $1 in
    build) echo "to build Mooring" ;;
    run) echo "to run Mooring (a keychain to keep the sign-ins in, fonts, icons)" ;;
    keyring) echo "to test with a real keychain in a private session" ;;
    test) echo "to test with a real window, a real browser and real servers" ;;
    lint) echo "to check the style of the sources" ;;
    fuzz) echo "to run the fuzzers" ;;
    esac
}

have_browser() {
    command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null
}

is_ubuntu() {
    # shellcheck source=/dev/null
    (. /etc/os-release 2>/dev/null && [[ ${ID:-} == ubuntu || ${ID_LIKE:-} == *ubuntu* ]])
}

is_apt_system() {
    command -v apt-get >/dev/null && command -v dpkg-query >/dev/null
}

# Reads package words, prints those of which no alternative is installed.
missing_words() {
    local words word alternative installed
    read -r -d '' -a words || true
    ((${#words[@]})) || return 0
    # dpkg-query names the unknown ones on standard error and exits 1; the known ones are still listed.
    # shellcheck disable=SC2046 # package names have no spaces, and each is to be a word
    installed=" $(dpkg-query -W -f='${db:Status-Status}:${Package} ' \
        $(printf '%s\n' "${words[@]}" | sed 's/^?//; s/|/ /g') 2>/dev/null || true)"
    for word in "${words[@]}"; do
        for alternative in ${word//[?|]/ }; do
            [[ $installed == *" installed:$alternative "* ]] && continue 2
        done
        echo "$word"
    done
}

apt_has() {
    local candidate
    candidate=$(LC_ALL=C apt-cache policy "$1" 2>/dev/null | awk '/Candidate:/ { print $2 }')
    [[ -n $candidate && $candidate != "(none)" ]]
}

as_root() {
    if ((EUID == 0)); then
        "$@"
    else
        sudo "$@"
    fi
}

# Turns the words of one part into names that this system offers; what nobody offers is told, and fails the part.
resolve_words() {
    local word name bad=0
    for word in "$@"; do
        for name in ${word//[?|]/ }; do
            if [[ $name == chromium ]] && is_ubuntu; then
                echo "On Ubuntu, Chromium is a snap. Please run 'sudo snap install chromium', then try again." >&2
                bad=1
                continue 2
            fi
            if apt_has "$name"; then
                echo "$name"
                continue 2
            fi
        done
        [[ $word == \?* ]] && continue
        echo "This system does not offer the package ${word//|/ or } (Debian 12, Ubuntu 24.04 and newer do)." >&2
        bad=1
    done
    return $bad
}

explain_other_system() {
    cat >&2 <<TEXT
This is not a Debian or Ubuntu system, so nothing is installed for you. What is needed $(why_of_part "$1"):
  Debian names: $(packages_of_part "$1" | tr '\n?' '  ')
TEXT
    [[ $1 == build ]] && cat >&2 <<'TEXT'
  Fedora: gcc-c++ cmake ninja-build qt6-qtbase-devel qt6-qttools-devel qt6-qtnetworkauth-devel qt6-qtsvg-devel qtkeychain-qt6-devel qcoro-qt6-devel zlib-devel openssl-devel jsoncpp-devel tomlplusplus-devel yaml-cpp-devel glib2-devel libsecret
  Arch: gcc cmake ninja qt6-base qt6-tools qt6-networkauth qt6-svg qtkeychain-qt6 qcoro zlib openssl jsoncpp tomlplusplus yaml-cpp glib2 libsecret
TEXT
    echo "Going on, in case it is all here already." >&2
}

apt_quietly() {
    local log
    log=$(mktemp)
    if as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 "$@" </dev/null >"$log" 2>&1; then
        rm -f "$log"
        return 0
    fi
    tail -n 25 "$log" >&2
    rm -f "$log"
    return 1
}

# need_parts PART…: returns 0 when everything these parts need is there.
need_parts() {
    local part words names bad=0
    for part in "$@"; do
        packages_of_part "$part" >/dev/null || return 2
        if ! is_apt_system; then
            explain_other_system "$part"
            continue
        fi
        # No process substitution here: a bare chroot has no /dev/fd.
        read -r -d '' -a words <<<"$(packages_of_part "$part" | missing_words)" || true
        ((${#words[@]})) || continue
        refresh_package_lists
        read -r -d '' -a names <<<"$(resolve_words "${words[@]}" || echo "!")" || true
        if [[ ${names[-1]:-} == "!" ]]; then
            bad=1
            unset 'names[-1]'
        fi
        install_names "$part" "${names[@]}" || bad=1
    done
    return $bad
}

install_names() {
    local part=$1
    shift
    (($#)) || return 0
    echo "Installing $(why_of_part "$part"): $*" >&2
    if ((EUID != 0)) && ! command -v sudo >/dev/null; then
        echo "You are not root and there is no sudo. Please run as root: apt-get install --no-install-recommends $*" >&2
        return 1
    fi
    if ! apt_quietly install --no-install-recommends "$@"; then
        echo "Installing did not work; the lines above say why." >&2
        return 1
    fi
}

# Once a run, and only when something is missing. A list that cannot be read is not the end: others may have the package.
refresh_package_lists() {
    [[ -z ${package_lists_are_fresh:-} ]] || return 0
    package_lists_are_fresh=1
    if ((EUID != 0)) && ! command -v sudo >/dev/null; then
        return 0
    fi
    echo "Something is missing: reading the package lists first." >&2
    apt_quietly update || echo "Some package lists could not be read; trying with those that could." >&2
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
    set -u
    if [[ ${1:-} == --missing ]]; then
        shift
        for part in "$@"; do
            packages_of_part "$part" | missing_words
        done
    else
        need_parts "$@"
    fi
fi
