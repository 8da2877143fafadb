#!/usr/bin/env bash
# Fuzzes the jail's parsers with libFuzzer: eng/fuzz.sh SECONDS [TARGET], every target for so long, one after the other.
# Inputs that reach something new stay in artifacts/fuzz/TARGET, from which the next call goes on; what breaks a target is
# artifacts/fuzz/TARGET-crash-*. Mend the parser, and add the input as native/jail/fuzz/corpus/TARGET/regression-WHAT.
set -euo pipefail
# shellcheck source=eng/env.sh
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"

cd "$root"
duration=$1 only=${2:-}
make -s -C native/jail fuzz
read -ra targets <<<"$(make -s --no-print-directory -C native/jail fuzz-names)"
if [ -n "$only" ]; then
  if [ ! -e "native/jail/fuzz/$only.c" ]; then
    echo "There is no target '$only'; the targets are: ${targets[*]}" >&2
    exit 64
  fi
  targets=("$only")
fi

broken=()
for target in "${targets[@]}"; do
  mkdir -p "artifacts/fuzz/$target"
  echo "== $target"
  # What the rules' compiler says of each rule would drown libFuzzer's own lines: descriptor 2 is closed for it.
  "artifacts/native-fuzz/$target" -close_fd_mask=2 -max_len=8192 -timeout=10 -max_total_time="$duration" -print_final_stats=1 \
    -artifact_prefix="artifacts/fuzz/$target-" "artifacts/fuzz/$target" "native/jail/fuzz/corpus/$target" \
    >"artifacts/fuzz/$target.log" 2>&1 || broken+=("$target")
  grep -E '^(#[0-9]+[[:space:]]+DONE|stat::number_of_executed_units|stat::average_exec_per_sec|SUMMARY)' "artifacts/fuzz/$target.log" || true
done

if [ "${#broken[@]}" -gt 0 ]; then
  printf 'broken: artifacts/fuzz/%s.log\n' "${broken[@]}"
  exit 1
fi
