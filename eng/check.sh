#!/usr/bin/env bash
# Everything that can be said about the sources without running them. Goes through all checks, then fails if one did.
#
#   eng/check.sh locks    that packages are those of the lock files
#   eng/check.sh sources  what only reads sources, so that it may run beside a build and tests
#   eng/check.sh          both, and the build, which has the analyzers and code style in it
set -uo pipefail
# shellcheck source=eng/env.sh
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"
use_dotnet || exit
cd "$root" || exit

failed=()
check() {
  local name=$1
  shift
  echo "== $name"
  "$@" </dev/null || failed+=("$name")
}
skip() { echo "skip $1 ($2)"; }

# The lock files hold what restore resolves. The native compiler's version follows the SDK's, so that another SDK than
# the one that wrote them would see a difference where there is none.
check_locks() {
  local bundled
  bundled=$(dotnet msbuild src/Sandcastle.Cli -getProperty:BundledNETCoreAppPackageVersion)
  if grep -A 3 'Microsoft.DotNet.ILCompiler"' src/Sandcastle.Cli/packages.lock.json | grep -q "\"$bundled\""; then
    dotnet restore Sandcastle.slnx --locked-mode --force -v quiet
  else
    skip lock-files "written by another SDK than this one, which brings $bundled"
  fi
}

check_scripts() {
  local scripts
  mapfile -t scripts < <(git ls-files -co --exclude-standard | while read -r file; do
    if [ -f "$file" ] && head -n 1 "$file" | grep -qE '^#!.*\b(ba)?sh$|^# shellcheck shell='; then echo "$file"; fi
  done)
  shellcheck -x "${scripts[@]}"
}

check_python() {
  git ls-files -co --exclude-standard '*.py' | /usr/bin/python3 -W error -c '
import pathlib, sys
for path in sys.stdin.read().split():
    compile(pathlib.Path(path).read_bytes(), path, "exec")'
}

check_node() {
  local file
  git ls-files -co --exclude-standard '*.mjs' | while read -r file; do node --check "$file" || return; done
}

if [ "${1:-locks}" = locks ]; then check 'lock files' check_locks; fi
if [ -z "${1:-}" ]; then check 'build with analyzers' build Sandcastle.slnx; fi
if [ "${1:-sources}" = sources ]; then
  check 'format' dotnet format whitespace . --folder --exclude artifacts bin .dotnet --verify-no-changes --verbosity quiet
  for compiler in gcc clang; do
    if command -v "$compiler" >/dev/null; then
      check "warnings of $compiler" make -s --no-print-directory -C native/jail lint CC="$compiler"
    else
      skip "warnings of $compiler" "not installed: make deps-extra"
    fi
  done
  if command -v shellcheck >/dev/null; then check shellcheck check_scripts; else skip shellcheck 'not installed: make deps-extra'; fi
  check 'python syntax' check_python
  check 'node syntax' check_node
fi

if [ "${#failed[@]}" -gt 0 ]; then
  printf 'failed: %s\n' "${failed[@]}"
  exit 1
fi
echo 'All checks passed.'
