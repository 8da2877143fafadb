#!/usr/bin/env bash
# Runs the test programs of eng/v2/programs on a unified cgroup v2 hierarchy: in a virtual machine, since this machine's
# own hierarchy is what it is. Software emulation, so that it needs no privilege and runs inside other virtual machines.
#
# Of the attacks of tests/Conformance it tries, in the profile fork, those that cgroups hold: the family exhaustion. FULL=1 tries all,
# FAMILIES=files,residue those families.
#
#   eng/v2/kernel.sh   Debian's cloud kernel      eng/v2/image.sh   the root file system, from this machine's files
#   eng/v2/init        process 1 in there         eng/v2/report.py  its results, as ok, not ok and skip lines
#
# What the machine wrote on its console stays in artifacts/v2/console.log, its reports in artifacts/v2/results.
set -euo pipefail
# shellcheck source=eng/env.sh
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"
# shellcheck source=eng/v2/kernel.sh
. "$root/eng/v2/kernel.sh"
# shellcheck source=eng/v2/image.sh
. "$root/eng/v2/image.sh"
use_dotnet
PATH=$PATH:/usr/sbin:/sbin

# A program that hangs is ended inside; the machine, should that not help.
program_seconds=900 machine_seconds=1200 families=${FAMILIES:-exhaustion}
if [ "${FULL:-}" = 1 ]; then program_seconds=3600 machine_seconds=4800 families=; fi

skip() {
  echo "skip test-v2 $*"
  exit
}

[ "$(uname -m)" = x86_64 ] || skip "the kernel is for x86_64, this machine is $(uname -m)"
for tool in qemu-system-x86_64 busybox mke2fs apt-cache dpkg; do
  command -v "$tool" >/dev/null || skip "$tool is not installed: make deps-extra"
done

mkdir -p "$root/artifacts/v2"
console=$root/artifacts/v2/console.log
find_kernel "$root/artifacts/v2/kernel" >"$console" || skip "$(cat "$console")"

work=$(mktemp -d "$root/artifacts/v2/machine.XXXXXX")
machine=
# shellcheck disable=SC2317 # the trap calls it
clean_up() {
  if [ -n "$machine" ]; then
    kill "$machine" 2>/dev/null || true
    wait "$machine" || true
  fi
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 143' TERM INT HUP

# A processor of 2008 is all that .NET asks for; wider vectors are emulated a piece at a time.
boot() {
  timeout --kill-after=5 "$machine_seconds" qemu-system-x86_64 \
    -nodefaults -no-user-config -no-reboot -display none -serial stdio \
    -machine q35 -accel tcg,thread=multi -cpu Nehalem -smp 2 -m 3G \
    -kernel "$kernel" -append 'console=ttyS0 quiet panic=-1 mitigations=off root=/dev/nvme0n1 rw init=/v2/init' \
    -drive "if=none,id=root,format=raw,cache=unsafe,file=$work/root" -device nvme,drive=root,serial=root \
    -drive "if=none,id=results,format=raw,cache=unsafe,file=$work/results.tar" -device nvme,drive=results,serial=results \
    </dev/null >"$console" 2>&1 &
  machine=$!
  wait "$machine" || true
  machine=
}

# There is no compiler in there.
attacks=$root/artifacts/v2/attacks
rm -rf "$attacks"
SANDCASTLE_ATTACK_PROGRAMS=$attacks "$root/artifacts/bin/Conformance/release/Conformance" --filter-method '*.Attacks_in_C_compile' \
  --progress off --no-ansi </dev/null >"$console" || { cat "$console"; exit 1; }
build_image "$work/root" "$overlay" program_seconds="$program_seconds" \
  SANDCASTLE_PROFILES=fork SANDCASTLE_FAMILIES="$families" SANDCASTLE_START_SECONDS=300 \
  SANDCASTLE_ATTACK_PROGRAMS="$attacks" SANDCASTLED="$root/artifacts/bin/Sandcastle.Daemon/release/sandcastled"
truncate -s 64M "$work/results.tar"
boot
results=$root/artifacts/v2/results
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
if [ "$failed" = 1 ]; then tr -d '\r' <"$console" | sed 's/^/# /'; fi
exit "$failed"
