#!/usr/bin/env bash
# Runs a command, by default the tests that matter most, on another Python than the one of this machine.
#
#   tools/pythons.sh VERSION [COMMAND...]     VERSION: 3.13, 3.14 or 3.13t (free-threaded)
#
# 3.13 and 3.14 come with a small Debian of their own (mmdebstrap), 3.13t is built from the sources of the former; their
# packages come from the registry that pip uses. All is kept in the user's cache; a second run starts at once.
# It wants root, mmdebstrap and unshare; for 3.13t also a C compiler and the headers that Python is built with.
set -euo pipefail

here=$(cd "$(dirname "$0")/.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/async-paraview/pythons
# What VTK's wheel takes from the system.
libraries=libegl1,libgl1,libgl1-mesa-dri,libegl-mesa0,libxrender1,libgomp1

say() { echo "pythons: $*" >&2; }

suite_of() {
    case $1 in
        3.13) echo trixie ;;
        3.14) echo forky ;;
        *) say "no Python $1 is known here; there are 3.13, 3.14 and 3.13t"; exit 2 ;;
    esac
}

# A Debian with that Python. Its lists may be older than they say: what counts is the signature.
debian_with() {
    [ -e "$2/made" ] && return
    say "making a Debian with Python $1 in $2"
    rm -rf "$2"
    mkdir -p "$cache"
    mmdebstrap --quiet --variant=minbase --aptopt='Acquire::Check-Valid-Until "false"' \
        --include="python$1,python$1-venv,ca-certificates,git,$libraries" "$(suite_of "$1")" "$2"
    touch "$2/made"
}

# Runs a command in that Debian: this checkout stands in it under its own path, and is the working directory.
inside() {
    local root=$1
    shift
    unshare --mount --fork bash -euc '
        root=$1 here=$2; shift 2
        place() { [ -e "$1" ] || return 0
                  if [ -d "$1" ]; then mkdir -p "$root$1"; else mkdir -p "$root$(dirname "$1")"; touch "$root$1"; fi
                  mount --rbind "$1" "$root$1"; }
        mount -t proc proc "$root/proc"
        for path in /dev /sys "$here" /etc/ssl/certs /etc/hosts /etc/pip.conf /etc/xdg/pip; do place "$path"; done
        [ -e /etc/resolv.conf ] && cp -L /etc/resolv.conf "$root/etc/resolv.conf"
        exec chroot "$root" bash -c "cd \"\$0\" && exec env -u PIP_FIND_LINKS STEP_PYTHON=/venv/bin/python PATH=/venv/bin:/usr/bin:/bin HOME=/root \"\$@\"" "$here" "$@"
    ' pythons "$root" "$here" "$@"
}

on_debian() {
    local version=$1 root=$cache/$1
    shift
    debian_with "$version" "$root"
    if [ ! -e "$root/venv/made" ]; then
        say "installing what the tests use"
        inside "$root" bash -euc "
            python$version -m venv --clear /venv
            pip install --quiet --upgrade pip
            pip install --quiet --prefer-binary --editable '.[examples,fast,formats,metrics,repl,video]' --group test
            touch /venv/made"
    fi
    inside "$root" "$@"
}

# The free-threaded interpreter, without optimizations: it shows what is right, not how fast it is.
build_free_threaded() {
    [ -e "$cache/3.13t/made" ] && return
    say "building Python 3.13t in $cache/3.13t (some minutes)"
    rm -rf "$cache/3.13t" "$cache/3.13t-source"
    mkdir -p "$cache/3.13t-source"
    debian_with 3.13 "$cache/3.13"
    (
        inside "$cache/3.13" bash -euc '
            sed -n "s/^deb /deb-src /p" /etc/apt/sources.list >/etc/apt/sources.list.d/of-sources.list
            rm -rf /source && mkdir /source && cd /source
            apt-get --quiet update && apt-get source --quiet --download-only python3.13'
        cd "$cache/3.13t-source"
        tar xJf "$cache"/3.13/source/python3.13_*.orig.tar.xz --strip-components 1
        ./configure --quiet --disable-gil --disable-test-modules --prefix="$cache/3.13t" OPT="-O1 -DNDEBUG"
        make --silent -j "$(nproc)"
        make --silent install
    ) >"$cache/3.13t.log" 2>&1 || { say "it failed; its last lines of $cache/3.13t.log:"; tail -5 "$cache/3.13t.log"; exit 1; }
    STEP_PYTHON=$cache/3.13t/bin/python3.13t "$here/.ci/step" packages
    touch "$cache/3.13t/made"
}

on_free_threaded() {
    build_free_threaded
    cd "$here"
    STEP_PYTHON=$cache/3.13t/bin/python3.13t PATH=$cache/3.13t/bin:$PATH exec "$@"
}

[ $# -ge 1 ] || { sed -n '2,10s/^# \{0,1\}//p' "$0"; exit 2; }
version=$1
shift
if [ "$version" = 3.13t ]; then
    [ $# -ge 1 ] || set -- .ci/step messaging
    on_free_threaded "$@"
else
    suite_of "$version" >/dev/null
    [ $# -ge 1 ] || set -- .ci/step slice
    on_debian "$version" "$@"
fi
