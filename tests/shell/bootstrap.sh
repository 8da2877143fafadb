#!/usr/bin/env bash
# How a machine without what we need is told or helped: eng/deps.sh with `dotnet` hidden from PATH and a stub in place of
# the SDK's install script. Works on a copy of eng/, so that a .dotnet/ of the repository is neither used nor touched.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Every command but the ones named, in one directory.
path_without() {
  local directory=$work/path-without-$1 name
  mkdir "$directory"
  ln -s /usr/bin/* "$directory/"
  for name; do rm -f "$directory/$name"; done
  echo "$directory"
}

fresh_copy() {
  copy=$(mktemp -d "$work/copy.XXXX")
  cp -r "$root/eng" "$root/global.json" "$copy/"
}

report() {
  if [ "$2" = yes ]; then
    echo "ok $1"
  else
    echo "not ok $1"
    sed 's/^/# /' "$work/out" "$work/err"
  fi
}

# deps PATH INSTALL_SCRIPT [COMMAND…]: runs eng/deps.sh of the copy, its output in $work/out and err, its exit code in code.
deps() {
  local path=$1 script=$2
  shift 2
  code=0
  "$@" env -i PATH="$path" HOME="$work" SANDCASTLE_DOTNET_INSTALL_SCRIPT="$script" \
    bash "$copy/eng/deps.sh" >"$work/out" 2>"$work/err" </dev/null || code=$?
}

hidden=$(path_without dotnet)

# The stub installs a `dotnet` that answers --version, and writes down how it was called.
cat >"$work/stub.sh" <<'END'
printf '%s\n' "$*" >"${0%/*}/arguments"
while [ "$1" != --install-dir ]; do shift; done
mkdir -p "$2"
printf '#!/bin/sh\necho 10.0.999\n' >"$2/dotnet"
chmod +x "$2/dotnet"
END

fresh_copy
deps "$hidden" "$work/stub.sh"
ok=no
if [ "$code" = 0 ] && [ "$(cat "$work/arguments")" = "--channel 10.0 --install-dir $copy/.dotnet --no-path" ]; then ok=yes; fi
report deps_without_an_sdk_fetches_one "$ok"

ok=no
# shellcheck disable=SC2016 # expanded by the inner shell
used=$(env -i PATH="$hidden" bash -c '. "$1/eng/env.sh" && use_dotnet && dotnet --version' bash "$copy") || true
if [ "$used" = 10.0.999 ]; then ok=yes; fi
report fetched_sdk_is_used "$ok"

rm "$work/arguments"
deps "$hidden" "$work/stub.sh"
ok=no
if [ "$code" = 0 ] && [ ! -e "$work/arguments" ] && [ ! -s "$work/out" ]; then ok=yes; fi
report deps_with_a_fetched_sdk_fetches_nothing "$ok"

# A dotnet that is there but has no SDK for global.json.
fresh_copy
mkdir "$work/old"
printf '#!/bin/sh\nexit 155\n' >"$work/old/dotnet"
chmod +x "$work/old/dotnet"
deps "$work/old:$hidden" "$work/stub.sh"
ok=no
if [ "$code" = 0 ] && [ -e "$work/arguments" ]; then ok=yes; fi
report deps_with_an_unfit_sdk_fetches_one "$ok"

for kind in file address; do
  if [ "$kind" = file ]; then script=$work/no-such-file.sh; else script=http://127.0.0.1:9/dotnet-install.sh; fi
  fresh_copy
  deps "$hidden" "$script"
  ok=no
  if [ "$code" != 0 ] && [ "$(wc -l <"$work/err")" = 1 ] && grep -q "^No .NET 10 SDK was found .*$script" "$work/err"; then ok=yes; fi
  report "deps_without_an_sdk_or_a_script_says_so_in_one_sentence($kind)" "$ok"
done

fresh_copy
printf 'echo the mirror is down >&2\nexit 3\n' >"$work/broken.sh"
deps "$hidden" "$work/broken.sh"
ok=no
if [ "$code" != 0 ] && grep -q 'the mirror is down' "$work/err" && [ "$(grep -c 'No .NET 10 SDK' "$work/err")" = 1 ]; then ok=yes; fi
report deps_whose_script_fails_says_why "$ok"

if [ "$(id -u)" = 0 ]; then
  fresh_copy
  chmod -R a+rX "$work"
  deps "$(path_without gcc)" "$work/stub.sh" setpriv --reuid=65534 --regid=65534 --clear-groups
  ok=no
  if [ "$code" = 1 ] && grep -q '^  gcc: ' "$work/err" && grep -q 'sudo apt-get install gcc' "$work/err"; then ok=yes; fi
  report deps_without_root_names_what_is_missing "$ok"
else
  echo 'skip deps_without_root_names_what_is_missing needs root to become another user'
fi
