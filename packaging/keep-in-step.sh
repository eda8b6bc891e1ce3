#!/bin/sh
# Accounts and photos of a desk on two machines, kept in step (双机同步): each minute, on both.
#
#   keep-in-step.sh /srv/kuaifan db2:/srv/kuaifan
#
# Only the machine whose desk takes commands sends; the other stands by and has nothing open. What
# is sent is whole or not there. Whoever logged on in the last minute may have to log on again after
# a take-over, and a photo of that minute is sent again by the phone that took it, or is lost.
set -eu
from=$1 to=$2 port=${PORT:-8110}
curl -fsS -m 2 -o /dev/null "http://127.0.0.1:$port/readyz" 2>/dev/null || exit 0
cd "$from"
umask 077
if [ -f accounts.db ]; then
    # A copy of one moment; the file itself is being written to.
    sqlite3 accounts.db ".backup .accounts.sent"
    rsync -a .accounts.sent "$to/.accounts.come"
    # A machine that was killed has left a journal, which would be played into the new file.
    put="rm -f accounts.db-wal accounts.db-shm && mv .accounts.come accounts.db"
    # shellcheck disable=SC2029 # the folder of the other machine is named here
    case $to in
        *:*) ssh "${to%%:*}" "cd '${to#*:}' && $put" ;;
        *) (cd "$to" && eval "$put") ;;
    esac
fi
# Sealed, and never changed once they are whole; what is under way is sent again by the phone.
if [ -d log.photos ]; then
    rsync -a --ignore-existing --include='*.photo' --include='*.json' --exclude='*' log.photos/ "$to/log.photos/"
fi
