#!/usr/bin/env bash
# Runs every test program, in lanes beside each other, and ends with one line: N passed, N failed, N skipped.
#
#   tests/*/*.csproj              xunit programs, already built in Release
#   artifacts/native-asan/tests/* C tests under sanitizers
#   tests/shell/*.sh              scripts; eng/test-v2.sh for each machine too when SANDCASTLE_TEST_V2=1
#
# C tests and scripts print, besides what they like, one line per test: `ok NAME`, `not ok NAME` or `skip NAME reason`.
# One that ends non-zero without a `not ok`, or that reports no test, counts as a failure itself.
# ONLY=GLOB runs those whose name (without directory and extension) matches.
set -euo pipefail
# shellcheck source=eng/env.sh
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"
# shellcheck source=eng/v2/machines.sh
. "$root/eng/v2/machines.sh"
use_dotnet

cd "$root"
results=$root/artifacts/test
rm -rf "$results"
mkdir -p "$results"
export SANDCASTLE_HOME=$root SANDCASTLED=$root/bin/sandcastled SANDCASTLE_CLIENTS=$root/bin
# Profiling for the optimiser costs a program of a minute more than it gives back; the daemon does without it anyway.
export DOTNET_TieredPGO=0
gently=() # what gives way to others begins with it
TIMEFORMAT='   took %0R s, and %0U + %0S s of processor time'
terminal=()
if [ ! -t 1 ]; then terminal=(--no-ansi); fi
# shellcheck disable=SC2254 # ONLY is a glob on purpose
wanted() { case $1 in ${ONLY:-*}) return 0 ;; *) return 1 ;; esac; }

# timed NAME COMMAND…: says what it took. Alone in a shell, so that the processor time of a lane that ends meanwhile is not counted in.
timed() {
  echo "== $1, $SECONDS s after the start"
  (time "${gently[@]}" "${@:2}" </dev/null 2>&1)
}

# run_project NAME [PROGRAM ARGUMENT…]: the program of that name, or another under it.
run_project() {
  local name=$1 program=${2:-$1} code=0 seconds=1500 hang=3m
  # Every attack on every profile takes its time; the fault suites are single tests that take minutes.
  if [ "$program" = Conformance ]; then seconds=3600; fi
  if [ "$program" = Faults ]; then hang=8m; fi
  # Exit code 8 is "no test found": a project whose tests are still to come is no failure. One that hangs is ended, by name; whatever
  # hangs in spite of that is ended too.
  timed "$name" timeout --kill-after=10 "$seconds" "artifacts/bin/$program/release/$program" --ignore-exit-code 8 --progress off "${terminal[@]}" "${@:3}" \
    --hangdump --hangdump-timeout "$hang" --hangdump-type None \
    --results-directory "$results" --report-xunit-xml --report-xunit-xml-filename "$name.xml" || code=$?
  echo "$code" >"$results/$name.exit"
}

run_lines() {
  local name=$1 code=0
  timed "$name" timeout --kill-after=10 1500 "${@:2}" | tee "$results/$name.lines" || code=$?
  echo "$code" >"$results/$name.exit"
}

run_projects() {
  local project name
  for project; do
    name=$(basename "$project" .csproj)
    if wanted "$name"; then run_project "$name"; fi
  done
}

# Three lanes, on two processors. This one has what judges by what is left on the whole machine, one after the other.
foremost=(tests/Sandcastle.Worker.Tests tests/Sandcastle.Daemon.Tests tests/EndToEnd tests/Conformance tests/Faults)

# What mostly waits, for others or for its time to be over. It gives way to the above, but for a jail of somebody else's, which passes on the
# niceness that it was started with.
beside() {
  local project program name others=()
  for project in tests/Architecture.Tests/*.csproj tests/ApiServer.Tests/*.csproj tests/Sandcastle.*/*.csproj tests/Cluster/*.csproj; do
    case " ${foremost[*]} " in *" ${project%/*} "*) ;; *) others+=("$project") ;; esac
  done
  run_projects "${others[@]}"
  for program in artifacts/native-asan/tests/*; do
    name=$(basename "$program")
    if [ -x "$program" ] && wanted "$name"; then run_lines "$name" "$program"; fi
  done
  gently=()
  attacks_on bubblewrap
}

# Kernels of their own: user-mode Linux and an emulated machine, on a unified hierarchy, and gVisor's, which none of our other daemons shares.
machines() {
  local machine
  for machine in uml qemu; do
    if wanted test-v2 && [ "${SANDCASTLE_TEST_V2:-}" = 1 ]; then run_lines "test-v2-$machine" bash eng/test-v2.sh "$machine"; fi
  done
  attacks_on gvisor
  if wanted fuzz; then run_lines fuzz bash tests/shell/fuzz.sh; fi
}

attacks_on() {
  if wanted Conformance; then SANDCASTLE_PROFILES=$1 run_project "Conformance-$1" Conformance --filter-method '*.Attack_is_held'; fi
}

lanes=() numbers=()
start() {
  (
    gently=(nice -n 5)
    "$1"
  ) >"$results/$1.log" 2>&1 &
  lanes+=("$1") numbers+=("$!")
}

trap 'kill "${numbers[@]}" 2>/dev/null || true; lower_maps' EXIT
# A setting of the whole machine, which others look at meanwhile: not when user-mode Linux comes and goes.
if [ "${SANDCASTLE_TEST_V2:-}" = 1 ] && [ -w /proc/sys/vm/max_map_count ]; then raise_maps; fi
start machines
start beside
SANDCASTLE_PROFILES=fork,nsjail run_projects "${foremost[@]}"
for script in tests/shell/*.sh; do
  name=$(basename "$script" .sh)
  if [ "$name" != fuzz ] && wanted "$name"; then run_lines "$name" bash "$script"; fi
done
for i in "${!lanes[@]}"; do
  ended=0
  wait "${numbers[i]}" || ended=$?
  cat "$results/${lanes[i]}.log"
  if [ "$ended" != 0 ]; then echo "$ended" >"$results/${lanes[i]}.exit"; fi
done
trap - EXIT
lower_maps

exec /usr/bin/python3 eng/sum_tests.py "$results"
