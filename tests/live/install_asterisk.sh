#!/usr/bin/env bash
# Install Asterisk, for the live tests, in a directory of its own: a small Debian, apart from the
# system, made by debootstrap. Needs root and a Debian mirror; the last line printed is the
# directory. Once the directory is complete, running this again only prints it.
#
#   install_asterisk.sh [22|22.11|16]   22 of Debian sid (the default), 22.11 of Debian experimental,
#                                       or 16.28 of Debian bullseye, which may be on Debian's
#                                       archive only
#   ASTERCONF_ASTERISK_ROOT             the directory (default: asterconf/asterisk-22, -22.11 or
#                                       -16, in the user's cache)
set -euo pipefail

series=${1:-22}
case $series in
    22) suite=sid newer= archive= ;;
    22.11) suite=sid newer=experimental archive= ;;
    16) suite=bullseye newer= archive=http://archive.debian.org/debian/ ;;
    *) echo "install_asterisk.sh: there is 22, 22.11 and 16, not '$series'." >&2 && exit 1 ;;
esac
root=${ASTERCONF_ASTERISK_ROOT:-${XDG_CACHE_HOME:-$HOME/.cache}/asterconf/asterisk-$series}
stamp=.asterconf-complete

if [[ -e $root/$stamp ]]; then
    echo "$root"
    exit
fi

log=$root.log
new=$root.new.$$

fail() {
    [[ ! -s $log ]] || { echo "--- the end of $log:"; tail -n 25 "$log"; echo "---"; } >&2
    echo "install_asterisk.sh: $1" >&2
    exit 1
}

discard() {
    ! mountpoint -q "$new/proc" || umount "$new/proc"
    rm -rf --one-file-system "$new"
}

inside() {
    chroot "$new" /usr/bin/env PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive \
        LC_ALL=C "$@"
}

# The Debian mirror this system's apt uses; nothing when it knows none (then debootstrap's default).
mirror() {
    apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' \
        'Label: Debian' | head -n 1
}

mkdir -p "$(dirname "$root")" || fail "cannot make the directory of $root."
exec 9>"$root.lock"
flock 9
if [[ -e $root/$stamp ]]; then # another run has just finished it
    echo "$root"
    exit
fi
: >"$log"
((EUID == 0)) || fail "only root can make the system that Asterisk runs in; run it as root."
[[ ! -e $root ]] || fail "$root exists and is not a complete installation; remove it and try again."

if ! command -v debootstrap >/dev/null; then
    command -v apt-get >/dev/null ||
        fail "debootstrap is missing, and there is no apt-get to install it with."
    { apt-get install -y --no-install-recommends debootstrap ||
        { apt-get update && apt-get install -y --no-install-recommends debootstrap; }; } \
        >>"$log" 2>&1 || fail "apt-get could not install debootstrap."
fi

# debootstrap downloads with wget, which knows the environment's proxy but not apt's.
[[ -n ${http_proxy:-} ]] || eval "$(apt-config shell http_proxy Acquire::http::Proxy)"
[[ -z ${http_proxy:-} ]] || export http_proxy

trap discard EXIT
trap 'exit 1' INT TERM
bootstrap() {
    debootstrap --variant=minbase "$suite" "$new" "$@" >>"$log" 2>&1
}

bootstrap $(mirror 2>>"$log" || true) || { [[ -n $archive ]] && discard && bootstrap "$archive"; } ||
    fail "debootstrap could not make a Debian $suite in $root (is a Debian mirror within reach?)."

printf '#!/bin/sh\nexit 101\n' >"$new/usr/sbin/policy-rc.d"
chmod 755 "$new/usr/sbin/policy-rc.d"
dated="-o Acquire::Check-Valid-Until=false" # a mirror may be behind, and an archive is
from=${newer:+/$newer} # experimental only adds to sid, and only what is asked of it by name
if [[ -n $newer ]]; then
    sed "s/ $suite / $newer /" "$new/etc/apt/sources.list" >"$new/etc/apt/sources.list.d/newer.list"
    inside apt-get $dated update >>"$log" 2>&1 || fail "the mirror does not serve Debian $newer."
fi
inside apt-get $dated install -y --no-install-recommends \
    "asterisk$from" "asterisk-config$from" asterisk-core-sounds-en-gsm >>"$log" 2>&1 ||
    fail "apt-get could not install Asterisk in the new Debian ${newer:-$suite}."
inside apt-get clean

version=$(inside asterisk -V 2>>"$log") || fail "the installed Asterisk does not run."
[[ $version == "Asterisk $series"* ]] ||
    fail "Debian ${newer:-$suite} now brings '$version', and $series is needed."

echo "$version" >"$new/$stamp"
mv -T "$new" "$root"
echo "$root"
