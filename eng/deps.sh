#!/usr/bin/env bash
# Installs what building and running need; with `extra`, what only widens the tests. Says nothing when all is there.
#
# A need is probed by what is used of it (a command, a header), not by a package's name, so a machine that has it from
# elsewhere is left alone. As root on Debian the missing packages are installed; otherwise they are named.
set -euo pipefail
# shellcheck source=eng/env.sh
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"

site=/usr/lib/python3/dist-packages
# package, probe (a path, or the name of a command), what it is for
needs="
gcc                   gcc                         C compiler of the jail
make                  make                        build driver
libc6-dev             /usr/include/stdio.h        C headers and static libc
libseccomp-dev        /usr/include/seccomp.h      seccomp policy compiler
zlib1g-dev            /usr/include/zlib.h         native build of the client
curl                  curl                        fetching the .NET SDK
ca-certificates       /etc/ssl/certs/ca-certificates.crt  fetching the .NET SDK
python3               /usr/bin/python3            template python
python3-numpy         $site/numpy                 template python-data
python3-pandas        $site/pandas                template python-data
python3-matplotlib    $site/matplotlib            template python-data
nodejs                node                        template node
uidmap                newuidmap                   running without root
"
extra="
bubblewrap            bwrap                       comparison in tests and benchmarks
clang                 clang                       second compiler, fuzzing
libclang-rt-14-dev    /usr/share/doc/libclang-rt-14-dev  sanitizer and fuzzer runtimes of clang
libopenblas0-pthread  /usr/lib/x86_64-linux-gnu/openblas-pthread  threaded linear algebra in forked interpreters
qemu-system-x86       qemu-system-x86_64          tests on a unified cgroup v2 hierarchy
crun                  crun                        seccomp policy as an OCI runtime takes it
busybox-static        busybox                     init of that virtual machine
e2fsprogs             /sbin/mke2fs                its root file system
stress-ng             stress-ng                   what programs can do to a machine, in a slot
shellcheck            shellcheck                  checks of the scripts
postgresql            /usr/share/doc/postgresql   the ledger that several managers share
"

present() {
  case $1 in
    /*) [ -e "$1" ] ;;
    *) command -v "$1" >/dev/null ;;
  esac
}

missing=() reasons=()
collect() {
  local package probe reason
  while read -r package probe reason; do
    if [ -n "$package" ] && ! present "$probe"; then
      missing+=("$package")
      reasons+=("  $package: $reason")
    fi
  done <<<"$1"
}

say_what_is_missing() {
  echo "Missing on this machine:"
  printf '%s\n' "${reasons[@]}"
  echo "Install them: sudo apt-get install ${missing[*]}"
}

# The extra packages are those of Debian 12; another release may not have one under that name, and that is no failure.
drop_unknown() {
  local package known=()
  for package in "${missing[@]}"; do
    if apt-cache show "$package" >/dev/null 2>&1; then known+=("$package"); else echo "Not in this release: $package"; fi
  done
  missing=("${known[@]}")
}

install_packages() {
  local log=$root/artifacts/deps.log
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    say_what_is_missing >&2
    return 1
  fi
  export DEBIAN_FRONTEND=noninteractive
  mkdir -p "$root/artifacts"
  apt-get update </dev/null >"$log" 2>&1 || true
  if [ "$1" = extra ]; then drop_unknown; fi
  if [ "${#missing[@]}" = 0 ]; then return; fi
  echo "Installing ${missing[*]}"
  if ! apt-get install -y --no-install-recommends "${missing[@]}" </dev/null >>"$log" 2>&1; then
    tail -n 20 "$log" >&2
    echo "apt-get could not install ${missing[*]}; the whole log is artifacts/deps.log." >&2
    return 1
  fi
}

# The needs come first and must succeed; only then the extras.
collect "$needs"
if [ "${#missing[@]}" -gt 0 ]; then install_packages needs; fi
if [ "${1:-}" = extra ]; then
  missing=() reasons=()
  collect "$extra"
  if [ "${#missing[@]}" -gt 0 ]; then install_packages extra; fi
  "$root/eng/install-runsc.sh"
fi
use_dotnet || "$root/eng/fetch-dotnet.sh"
