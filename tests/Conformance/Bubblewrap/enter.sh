#!/bin/sh
# enter.sh HOME FILTER ARGUMENT...: bwrap with the arguments and our filter. Started by root it becomes an ordinary user first, whose id
# nobody else has: as root bubblewrap would give its programs the host's root as their owner, and the kernel's knobs with it.
set -e
home=$1 filter=$2
shift 2
ordinary=
if [ "$(id -u)" = 0 ]; then
  chown -R 1879000001:1879000001 "$home"
  ordinary='setpriv --reuid 1879000001 --regid 1879000001 --clear-groups --'
fi
exec 9<"$filter"
# shellcheck disable=SC2086 # several words, or none
exec $ordinary bwrap --seccomp 9 "$@"
