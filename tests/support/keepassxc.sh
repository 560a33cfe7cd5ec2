#!/bin/bash
# SPDX-FileCopyrightText: 2026 The Mooring authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# keepassxc.sh [--confirm] [--no-database]
# Becomes a KeePassXC that is the Secret Service of this session, with one open database in the home folder, made if it
# isn't there. Only for a home folder of the test's own.
# --confirm: as it is installed: it asks before an app may use an entry of another. Else it asks nothing.
set -euo pipefail

confirm=false
database=yes
for option in "$@"; do
    case $option in
    --confirm) confirm=true ;;
    --no-database) database=no ;;
    *)
        echo "usage: keepassxc.sh [--confirm] [--no-database]" >&2
        exit 2
        ;;
    esac
done
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
file=$HOME/Passwords.kdbx
password=${MOORING_TEST_KEYRING_PASSWORD:-only-for-tests}
# A second KeePassXC of the same user would hand over to the first, which it finds by files in the temporary folder.
export TMPDIR=$HOME/tmp
mkdir -p "$TMPDIR"

if [ ! -e "$file" ]; then
    printf '%s\n%s\n' "$password" "$password" |
        keepassxc-cli import -t 100 -p "$here/keepassxc.xml" "$file" >/dev/null 2>&1
fi
# It saves when it is locked. KeePassXC 2.7.4 crashes when an entry changes while it writes its file, and a test is
# faster than a person.
cat >"$HOME/keepassxc.ini" <<CONFIG
[General]
ConfigVersion=2
AutoSaveAfterEveryChange=false
[FdoSecrets]
Enabled=true
ConfirmAccessItem=$confirm
ConfirmDeleteItem=false
ShowNotification=false
CONFIG
rm -f "$HOME/keepassxc-local.ini" # it knows the database of before
arguments=(--config "$HOME/keepassxc.ini" --localconfig "$HOME/keepassxc-local.ini")
if [ "$database" = no ]; then
    exec keepassxc "${arguments[@]}"
fi
exec keepassxc "${arguments[@]}" --pw-stdin "$file" <<<"$password"
