#!/usr/bin/env bash
# test-v2.sh MACHINE: runs the test programs that eng/v2/programs names for it (uml or qemu) on a unified cgroup v2
# hierarchy: in a virtual machine, since this machine's own hierarchy is what it is.
#
#   FULL=1                  what the other machine runs, too
#   FAMILIES=files,residue  of the attacks of tests/Conformance only those families
#
#   eng/v2/machines.sh  how each is booted        eng/v2/image.sh   the root file system, from this machine's files
#   eng/v2/kernels.sh   Debian's kernels          eng/v2/init       process 1 in there
#   eng/v2/report.py    results, as ok, not ok and skip lines
#
# What a machine wrote on its console stays in artifacts/v2/MACHINE/console.log, its reports in artifacts/v2/MACHINE/results.
set -euo pipefail
# shellcheck source=eng/env.sh
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"
# shellcheck source=eng/v2/machines.sh
. "$root/eng/v2/machines.sh"
# shellcheck source=eng/v2/kernels.sh
. "$root/eng/v2/kernels.sh"
# shellcheck source=eng/v2/image.sh
. "$root/eng/v2/image.sh"
use_dotnet
PATH=$PATH:/usr/sbin:/sbin

machine=${1:?uml or qemu}
# A program that hangs is ended inside; the machine, should that not help.
program_seconds=900 machine_seconds=1200
if [ "${FULL:-}" = 1 ]; then program_seconds=3600 machine_seconds=4800; fi

skip() {
  echo "skip test-v2-$machine $*"
  exit
}

why_not=$(missing_for "$machine")
[ -z "$why_not" ] || skip "$why_not"
place=$root/artifacts/v2/$machine
mkdir -p "$place"
find_kernel "$machine" "$place/kernel" >"$place/console.log" || skip "$(cat "$place/console.log")"

work=$(mktemp -d "$place/machine.XXXXXX")
running=
# shellcheck disable=SC2317 # the trap calls it
clean_up() {
  if [ -n "$running" ]; then
    kill "$running" 2>/dev/null || true
    wait "$running" || true
  fi
  lower_maps
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 143' TERM INT HUP

boot() {
  # shellcheck disable=SC2016 # for the inner shell
  timeout --kill-after=5 "$machine_seconds" bash -c '. "$0/eng/v2/machines.sh" && "boot_$1" "$2" "$3"' \
    "$root" "$machine" "$work" "$kernel" </dev/null >"$place/console.log" 2>&1 &
  running=$!
  wait "$running" || true
  running=
}

grep '^[^#]' "$root/eng/v2/programs" | if [ "${FULL:-}" = 1 ]; then cat; else grep "^$machine "; fi | cut -d ' ' -f 2- >"$work/programs"
attacks=$place/attacks
if grep -q '^Conformance' "$work/programs"; then
  # There is no compiler in there.
  rm -rf "$attacks"
  SANDCASTLE_ATTACK_PROGRAMS=$attacks "$root/artifacts/bin/Conformance/release/Conformance" --filter-method '*.Attacks_in_C_compile' \
    --progress off --no-ansi </dev/null >"$place/console.log" || { cat "$place/console.log"; exit 1; }
fi
build_image "$work" "$overlay" program_seconds="$program_seconds" results_disk="$(results_disk "$machine")" \
  SANDCASTLE_PROFILES=fork SANDCASTLE_FAMILIES="${FAMILIES:-}" SANDCASTLE_START_SECONDS=300 \
  SANDCASTLE_ATTACK_PROGRAMS="$attacks" SANDCASTLED="$root/artifacts/bin/Sandcastle.Daemon/release/sandcastled"
truncate -s 64M "$work/results.tar"
if [ "$machine" = uml ]; then raise_maps; fi
boot
results=$place/results
rm -rf "$results"
mkdir "$results"
tar -C "$results" -xf "$work/results.tar" 2>/dev/null || true
failed=0
/usr/bin/python3 "$root/eng/v2/report.py" "$results" || failed=1
if [ -e "$results/finished" ]; then
  echo 'ok machine_ends_by_itself'
  echo "# booted in $(cat "$results/booted") s, ended after $(cat "$results/finished") s"
else
  echo 'not ok machine_ends_by_itself'
  failed=1
fi
if [ "$failed" = 1 ]; then tr -d '\r' <"$place/console.log" | sed 's/^/# /'; fi
exit "$failed"
