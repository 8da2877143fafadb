#!/usr/bin/env bash
# Every fuzz target of the jail goes through its corpus and a short, fixed number of inputs that follow from it: seed and
# count do not change, so what fails here fails again. `make fuzz` is the long way.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit

compiler=${FUZZ_CC:-clang}
read -ra targets <<<"$(make -s --no-print-directory -C native/jail fuzz-names)"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

skip_all() {
  local target
  for target in "${targets[@]}"; do echo "skip fuzz_$target $1"; done
  exit 0
}

command -v "$compiler" >/dev/null || skip_all "$compiler is not installed: make deps-extra"
echo 'int LLVMFuzzerTestOneInput(void); int LLVMFuzzerTestOneInput(void) { return 0; }' >"$work/probe.c"
"$compiler" -fsanitize=fuzzer,address,undefined -o "$work/probe" "$work/probe.c" 2>/dev/null ||
  skip_all "$compiler has no fuzzer runtime: make deps-extra"
make -s -C native/jail fuzz FUZZ_CC="$compiler" || exit

verdict() { if "${@:2}" >"$work/log" 2>&1; then echo "ok $1"; else echo "not ok $1" && tail -n 40 "$work/log"; fi; }

seeds_are_those_of_the_tree() {
  artifacts/native-fuzz/seeds "$work/seeds" && (cd "$work/seeds" && find . -type f) | sort >"$work/names" || return
  while read -r name; do cmp "$work/seeds/$name" "native/jail/fuzz/corpus/$name" || return; done <"$work/names"
  [ -s "$work/names" ]
}
mkdir "$work/seeds"
verdict fuzz_seeds_are_those_of_the_tree seeds_are_those_of_the_tree

for target in "${targets[@]}"; do
  runs=20000
  # A compilation of rules is thousands of times a look at a message.
  if [ "$target" = rules ]; then runs=2000; fi
  # What reaches something new is written to the first directory, and the tree is not for that.
  mkdir "$work/new-$target"
  verdict "fuzz_$target" timeout 600 "artifacts/native-fuzz/$target" -close_fd_mask=2 -max_len=8192 -timeout=20 -seed=1 -runs="$runs" \
    -artifact_prefix="$work/$target-" "$work/new-$target" "native/jail/fuzz/corpus/$target" </dev/null
done
