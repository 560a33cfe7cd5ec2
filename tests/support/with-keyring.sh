#!/bin/bash
# SPDX-FileCopyrightText: 2026 The Mooring authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# with-keyring.sh [--bus-only | --kwallet | --keepassxc[=confirm]] COMMAND [ARGUMENT...]
# Runs a command with a home folder, a D-Bus session and an unlocked gnome-keyring of its own, and
# leaves nothing of them behind. The keyring's password is in MOORING_TEST_KEYRING_PASSWORD.
# --bus-only: the same without a keyring.
# --kwallet: with an open KWallet in its place, as a session of KDE 5 has it; the bus starts it again when it ends.
#   Its windows are shown only if MOORING_TEST_KWALLET_PLATFORM says where (xcb).
# --keepassxc: the same with KeePassXC and an open database instead. It asks nothing; with =confirm, it asks before an
#   app may use another's entry, as it does where nobody has changed its settings.
set -euo pipefail

keyring=gnome
programs=(dbus-run-session gdbus)
case ${1-} in
--bus-only) keyring=none ;;
--kwallet) keyring=kwallet ;;
--keepassxc | --keepassxc=confirm) keyring=${1#--} ;;
esac
if [ "$keyring" != gnome ]; then
    shift
fi
if [ $# -eq 0 ] || [[ $1 == --* ]]; then
    echo "usage: with-keyring.sh [--bus-only | --kwallet | --keepassxc[=confirm]] COMMAND [ARGUMENT...]" >&2
    exit 2
fi
case $keyring in
gnome) programs+=(gnome-keyring-daemon) ;;
kwallet) programs+=(kwalletd5) ;;
keepassxc*) programs+=(keepassxc keepassxc-cli) ;;
esac
for program in "${programs[@]}"; do
    if ! command -v "$program" >/dev/null; then
        echo "with-keyring.sh: $program is not installed" >&2
        exit 1
    fi
done

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# Short: the sockets in it must fit into a socket address.
home=$(mktemp -d -t mooring-XXXXXXXX)
session=

clean_up() {
    # The session has a process group of its own, so this is everything that was started here.
    if [ -n "$session" ]; then
        kill -TERM -- "-$session" 2>/dev/null || true
        for _ in $(seq 10); do
            kill -0 -- "-$session" 2>/dev/null || break
            sleep 0.05
        done
        kill -KILL -- "-$session" 2>/dev/null || true
    fi
    rm -rf "$home"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

export HOME=$home XDG_DATA_HOME=$home/data XDG_CONFIG_HOME=$home/config XDG_CACHE_HOME=$home/cache
export XDG_STATE_HOME=$home/state XDG_RUNTIME_DIR=$home/run
export MOORING_TEST_KEYRING_PASSWORD=only-for-tests MOORING_TEST_BUS_CONFIG=$here/bus.conf MOORING_TEST_SUPPORT=$here
mkdir -m 700 "$XDG_DATA_HOME" "$XDG_CONFIG_HOME" "$XDG_CACHE_HOME" "$XDG_STATE_HOME" "$XDG_RUNTIME_DIR"
unset DBUS_SESSION_BUS_ADDRESS GNOME_KEYRING_CONTROL SSH_AUTH_SOCK
unset XDG_CURRENT_DESKTOP DESKTOP_SESSION KDE_FULL_SESSION KDE_SESSION_VERSION QTKEYCHAIN_BACKEND QT_NO_GLIB

# What is run inside, to have the keyring there; expanded there.
# shellcheck disable=SC2016
case $keyring in
none | kwallet) start= ;;
gnome)
    start='printf %s "$MOORING_TEST_KEYRING_PASSWORD" |
        gnome-keyring-daemon --foreground --unlock --components=secrets >/dev/null 2>&1 &'
    ;;
keepassxc*)
    start='QT_QPA_PLATFORM=offscreen "$MOORING_TEST_SUPPORT/keepassxc.sh" '${keyring#keepassxc}' >/dev/null 2>&1 &'
    start=${start/=confirm/--confirm}
    ;;
esac
# shellcheck disable=SC2016
wait_for_it='
    is_open() {
        gdbus call --session --dest org.freedesktop.secrets --object-path /org/freedesktop/secrets/aliases/default \
            --method org.freedesktop.DBus.Properties.Get org.freedesktop.Secret.Collection Locked 2>&1 | grep -q false
    }
    gdbus wait --session --timeout 60 org.freedesktop.secrets
    for _ in $(seq 600); do
        is_open && break
        sleep 0.1
    done
    if ! is_open; then
        echo "with-keyring.sh: the keyring did not start" >&2
        exit 1
    fi
'
# What PAM does at log-in: a wallet that isn't there yet is made.
# shellcheck disable=SC2016
start_kwallet='
    hash=$(printf %s "$MOORING_TEST_KWALLET_HASH" | sed "s/../0x&,/g; s/,$//")
    if ! gdbus call --session --timeout 60 --dest org.kde.kwalletd5 --object-path /modules/kwalletd5 \
        --method org.kde.KWallet.pamOpen kdewallet "@ay [$hash]" 0 >/dev/null; then
        echo "with-keyring.sh: KWallet did not start" >&2
        exit 1
    fi
'
# A program can be started by name only if a test puts it there.
export MOORING_TEST_SERVICES=$home/services
mkdir "$home/services"
bus=$home/bus.conf
sed "s|<auth>|<servicedir>$home/services</servicedir>&|" "$here/bus.conf" >"$bus"
inside='"$@"'
if [ -n "$start" ]; then
    inside="$start $wait_for_it $inside"
fi
if [ "$keyring" = kwallet ]; then
    export XDG_CURRENT_DESKTOP=KDE KDE_SESSION_VERSION=5
    printf '[Wallet]\nFirst Use=false\n' >"$XDG_CONFIG_HOME/kwalletrc"
    # PBKDF2 with SHA-512, 50000 rounds and 56 bytes, of MOORING_TEST_KEYRING_PASSWORD and this salt.
    mkdir -m 700 "$XDG_DATA_HOME/kwalletd"
    printf 's%.0s' $(seq 56) >"$XDG_DATA_HOME/kwalletd/kdewallet.salt"
    MOORING_TEST_KWALLET_HASH=2afab4a58f6940c4c15cdc85a61112d467dd146afc2b434710e3cd4b
    MOORING_TEST_KWALLET_HASH+=265a73a6d9be809af083c2adfdf6d22d4479688198c8484586c154aa
    export MOORING_TEST_KWALLET_HASH
    printf '[D-BUS Service]\nName=org.kde.kwalletd5\nExec=/usr/bin/env QT_QPA_PLATFORM=%s %s\n' \
        "${MOORING_TEST_KWALLET_PLATFORM:-offscreen}" "$(command -v kwalletd5)" >"$home/services/kwallet.service"
    inside="$start_kwallet $inside"
fi
set -m # gives the job below its own process group
dbus-run-session --config-file="$bus" -- bash -c "$inside" with-keyring "$@" <&0 &
session=$!
set +m
status=0
wait "$session" || status=$?
exit "$status"
