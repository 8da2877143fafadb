#!/usr/bin/env bash
# deploy/base/node/delegate.sh on real cgroups: whose it gives away, to whom, and what it leaves alone.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
script=$root/deploy/base/node/delegate.sh

skip() {
  echo "skip node_delegate $*"
  exit
}

[ "$(id -u)" = 0 ] || skip 'giving cgroups away takes root'
hierarchy=$(findmnt -n -t cgroup2 -o TARGET | head -n 1)
[ -n "$hierarchy" ] || skip 'no cgroup v2 hierarchy is mounted'
pods=$hierarchy/kubepods-sandcastle-test-$$
mkdir "$pods" 2>/dev/null || skip "$hierarchy is not writable"
work=$(mktemp -d)
started=()

# shellcheck disable=SC2317 # the trap calls it
clean_up() {
  local pid
  for pid in "${started[@]}"; do kill -9 "$pid" 2>/dev/null || true; done
  for pid in "${started[@]}"; do wait "$pid" 2>/dev/null || true; done
  find "$pods" -depth -type d -exec rmdir {} +
  rm -rf "$work"
}
trap clean_up EXIT

verdict() { if [ "$2" = "$3" ]; then echo "ok node_delegate_$1"; else echo "not ok node_delegate_$1: $2, not $3"; fi; }
owner() { stat -c %u:%g "$1"; }

# A container: its cgroup, and one process NAME there, whose user namespace has FIRST as its root (- for the node's own).
container() {
  local directory=$pods/$1 name=$2 first=$3
  mkdir "$directory"
  mkdir "$work/$1"
  cp /bin/sleep "$work/$1/$name"
  if [ "$first" = - ]; then
    "$work/$1/$name" 600 &
  else
    unshare --user "$work/$1/$name" 600 &
  fi
  started+=("$!")
  echo "$!" >"$directory/cgroup.procs"
  # It has its name, and its namespace, once it is the program.
  until [ "$(cat "/proc/$!/comm")" = "$name" ]; do :; done
  if [ "$first" != - ]; then
    echo "0 $first 65536" >"/proc/$!/uid_map"
    echo "0 $first 65536" >"/proc/$!/gid_map"
  fi
}

container worker sandcastled 300000
container other other 400000
container host sandcastled -
container hostroot sandcastled 0
mkdir "$pods/empty"

SANDCASTLE_CGROUPS=$hierarchy sh "$script" --once >"$work/log"

verdict gives_a_worker_its_cgroup "$(owner "$pods/worker")" 300000:300000
verdict gives_the_files_that_the_kernel_names "$(owner "$pods/worker/cgroup.procs")" 300000:300000
verdict keeps_the_limits "$(owner "$pods/worker/cgroup.max.descendants")" 0:0
verdict leaves_other_programs_alone "$(owner "$pods/other")" 0:0
verdict leaves_the_node_s_own_user_namespace_alone "$(owner "$pods/host")" 0:0
verdict leaves_a_namespace_with_the_node_s_root_alone "$(owner "$pods/hostroot")" 0:0
verdict leaves_an_empty_cgroup_alone "$(owner "$pods/empty")" 0:0
verdict says_what_it_did "$(cat "$work/log")" "delegated $pods/worker to 300000"

SANDCASTLE_CGROUPS=$hierarchy sh "$script" --once >"$work/log"
verdict does_nothing_twice "$(cat "$work/log")" ''

code=0
SANDCASTLE_CGROUPS=$work sh "$script" --once 2>"$work/error" || code=$?
verdict refuses_another_hierarchy "$code" 1
