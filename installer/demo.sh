#!/bin/bash
# SPDX-FileCopyrightText: 2026 The Mooring authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# installer/demo.sh PROFILE: starts the practice servers and shows Mooring with them: in its window where there is a
# display, otherwise as a walk through the main job in the terminal. Called by ./installer/run --demo after the build.
set -u -o pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
profile=$1
bin=$PWD/build/release/bin
server=Protected
state=${XDG_DATA_HOME:-$HOME/.local/share}/mooring-demo-servers
has_display=
[[ -n ${DISPLAY:-}${WAYLAND_DISPLAY:-} ]] && has_display=1

say() {
    printf '%s\n' "$*"
}

# Is there a session whose keychain can be used? A service that would only be started on demand needs somebody to
# answer its first question, so without a display it does not count.
own_keychain() {
    local running startable
    [[ -n ${DBUS_SESSION_BUS_ADDRESS:-} || -S ${XDG_RUNTIME_DIR:-/nowhere}/bus ]] || return 1
    running=$(bus_names ListNames) || return 1
    [[ $running == *'"org.freedesktop.secrets"'* || $running == *'"org.kde.kwalletd'* ]] && return 0
    [[ -n $has_display ]] || return 1
    startable=$(bus_names ListActivatableNames) || return 1
    [[ $startable == *'"org.freedesktop.secrets"'* && -n ${XDG_CURRENT_DESKTOP:-} ]]
}

bus_names() {
    timeout 5 dbus-send --session --print-reply --dest=org.freedesktop.DBus /org/freedesktop/DBus \
        "org.freedesktop.DBus.$1" 2>/dev/null
}

# Starts this script again inside a session of its own, with a keychain that is gone afterwards.
run_in_private_session() {
    local place code
    say "There is no desktop session with a keychain here, so the demo makes a private one:"
    say "a throw-away keychain in a temporary folder. Nothing of it is left when the demo ends."
    place=$(mktemp -d "${TMPDIR:-/tmp}/mooring-demo.XXXXXX") || exit 1
    mkdir -m 700 "$place/run" "$place/data" "$place/config" "$place/cache" "$place/state"
    # A relative Wayland socket lies in the runtime folder that is about to be another one.
    if [[ -n ${WAYLAND_DISPLAY:-} && $WAYLAND_DISPLAY != /* ]]; then
        export WAYLAND_DISPLAY=${XDG_RUNTIME_DIR:-/run/user/$EUID}/$WAYLAND_DISPLAY
    fi
    # In the background, so that a signal is passed on at once. Root in a container makes the bus grumble about a limit.
    {
        env -u DBUS_SESSION_BUS_ADDRESS -u GNOME_KEYRING_CONTROL -u XDG_CURRENT_DESKTOP -u KDE_FULL_SESSION \
            -u DESKTOP_SESSION XDG_RUNTIME_DIR="$place/run" XDG_DATA_HOME="$place/data" \
            XDG_CONFIG_HOME="$place/config" XDG_CACHE_HOME="$place/cache" XDG_STATE_HOME="$place/state" \
            MOORING_DEMO_SESSION="$place" dbus-run-session -- "$0" "$profile" 2>&1 1>&3 3>&- \
            | { grep --line-buffered -v 'Failed to set fd limit' || true; } >&2
    } 3>&1 &
    trap 'kill "$(cat "$place/pid")" 2>/dev/null' INT TERM HUP
    wait "$!"
    code=$?
    # A signal ends the wait early; the second one is for the session itself.
    wait "$!" 2>/dev/null
    rm -rf "$place"
    exit "$code"
}

keyring_pid=
start_private_keyring() {
    local turn
    # The password is never needed again: it reaches the daemon through a pipe and nobody else.
    head -c 24 /dev/urandom | base64 | tr -d '\n' \
        | gnome-keyring-daemon --foreground --unlock --components=secrets >/dev/null 2>&1 &
    keyring_pid=$!
    for ((turn = 0; turn < 100; turn++)); do
        [[ $(bus_names ListNames) == *'"org.freedesktop.secrets"'* ]] && return 0
        sleep 0.1
    done
    say "The private keychain did not start (gnome-keyring-daemon)." >&2
    return 1
}

stop_everything() {
    # Closing their input is how the servers are told; the signal is for the case that they do not listen.
    [[ -n ${program_pid:-} ]] && kill "$program_pid" 2>/dev/null
    [[ -n ${servers_in:-} ]] && eval "exec $servers_in>&-"
    [[ -n ${servers_pid:-} ]] && kill "$servers_pid" 2>/dev/null
    [[ -n $keyring_pid ]] && kill "$keyring_pid" 2>/dev/null
    [[ -n ${shim:-} ]] && rm -rf "$shim"
    wait 2>/dev/null
}

declare -A address=()
# Starts the practice servers and reads their lines "NAME URL - hint" until READY.
start_servers() {
    local line name url rest
    mkdir -p "$state"
    coproc SERVERS { exec "$bin/mooring-demo" serve --until-eof --state "$state"; }
    # shellcheck disable=SC2153 # coproc sets it
    servers_pid=$SERVERS_PID
    servers_in=${SERVERS[1]}
    exec {servers_out}<&"${SERVERS[0]}"
    say ""
    say "Practice servers on this computer:"
    while IFS= read -r -t 20 -u "$servers_out" line; do
        [[ $line == READY* ]] && return 0
        say "  $line"
        read -r name url rest <<<"$line"
        address[$name]=$url
    done
    say "The practice servers did not start. Is another demo still running?" >&2
    return 1
}

has_browser() {
    local name
    [[ -n ${BROWSER:-} ]] && return 0
    for name in x-www-browser firefox firefox-esr chromium chromium-browser google-chrome brave-browser epiphany; do
        command -v "$name" >/dev/null && return 0
    done
    [[ -n $(xdg-settings get default-web-browser 2>/dev/null) ]]
}

# use_opener COMMAND…: lets xdg-open mean that command for the programs started from here on.
use_opener() {
    shim=$(mktemp -d "${TMPDIR:-/tmp}/mooring-opener.XXXXXX")
    # shellcheck disable=SC2016 # for the shell that will run the little script
    printf '#!/bin/sh\nexec %s "$1"\n' "$(printf '%q ' "$@")" >"$shim/xdg-open"
    chmod 755 "$shim/xdg-open"
    PATH=$shim:$PATH
}

choose_opener() {
    if [[ -z $has_display ]]; then
        use_opener "$bin/mooring-demo" approve
    elif ! has_browser; then
        say "There is no web browser here, so a small stand-in will say yes on the sign-in page."
        use_opener "$bin/mooring-demo" approve
    elif ((EUID == 0)) && command -v chromium >/dev/null; then
        # Chromium refuses to run as root with its sandbox, and root is what containers give.
        use_opener chromium --no-sandbox --no-first-run
    fi
}

show_window() {
    say ""
    say "Mooring opens now. Click Add, paste one of the addresses above, press Enter. Closing the window ends the demo."
    run_program mooring
}

# run_program NAME ARGUMENT…: in the background, so that a signal to this script ends both at once.
run_program() {
    local code name=$1
    shift
    "$bin/$name" --profile "$profile" "$@" &
    program_pid=$!
    wait "$program_pid"
    code=$?
    program_pid=
    return "$code"
}

# In quotes where a shell would want them, so that the line can be copied.
as_typed() {
    local word
    for word in "$@"; do
        if [[ $word =~ ^[A-Za-z0-9_./:=-]+$ ]]; then
            printf ' %s' "$word"
        else
            printf " '%s'" "$word"
        fi
    done
}

# step SENTENCE ARGUMENT…: says why, shows the command, runs it.
step() {
    local why=$1
    shift
    printf '\n# %s\n$ mooringctl --profile %s%s\n' "$why" "$profile" "$(as_typed "$@")"
    if ! run_program mooringctl "$@"; then
        say "That did not work, so the demo stops here." >&2
        return 1
    fi
}

walk_through() {
    local url=${address[$server]:-}
    if [[ -z $url ]]; then
        say "The practice server '$server' is missing." >&2
        return 1
    fi
    # What an earlier, interrupted walk may have left in this profile.
    run_program mooringctl remove "$server" >/dev/null 2>&1
    say ""
    say "There is no display, so here is the main job in the terminal. A stand-in for the browser says yes."
    step "What is at this address? Nothing is stored yet." probe "$url" \
        && step "Keep it in the list." add "$url" --name "$server" \
        && step "Sign in: the browser opens the consent page and comes back." authorize "$server" \
        && step "Where do we stand?" status "$server" \
        && step "Which tools does the server offer? Asked with the access token." tools "$server" \
        && step "Use one of them." call "$server" book_berth '{"boat": "Grey Heron"}' \
        && step "Renew the token now (it would happen by itself just in time)." refresh "$server" \
        && step "Facts about the token; the token itself stays in the keychain." token "$server" \
        && step "Disconnect: both tokens are revoked at the service, the keychain entry is deleted." disconnect "$server" \
        && step "And take it off the list." remove "$server" \
        && printf '\nThat was the main job: add, authorize, use, renew, disconnect.\n'
}

if [[ -z ${MOORING_DEMO_SESSION:-} ]] && ! own_keychain; then
    run_in_private_session
fi
trap stop_everything EXIT
trap 'exit 130' INT TERM HUP
if [[ -n ${MOORING_DEMO_SESSION:-} ]]; then
    echo $$ >"$MOORING_DEMO_SESSION/pid"
    start_private_keyring || exit 1
fi
start_servers || exit 1
choose_opener
if [[ -n $has_display ]]; then
    show_window
else
    walk_through
fi
