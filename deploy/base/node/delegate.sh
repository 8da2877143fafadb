#!/bin/sh
# Gives each worker the cgroup of its container, so that it can make one for every slot below it: the directory and the files that the
# kernel calls safe to give (/sys/kernel/cgroup/delegate) become the user's who is root in the worker's user namespace. The limits
# stay the node's. crun does this by itself where the runtime has `cgroup_writable`, and then nothing is left to do here.
#
#   delegate.sh         looks every SANDCASTLE_PERIOD seconds (0.5)
#   delegate.sh --once  looks once
#
# Only cgroup v2, only processes that are called sandcastled, that are root of a user namespace of their own, and that sit below kubepods. Who
# else calls itself so gains cgroups below its own container's limits, and nothing more.
set -eu

cgroups=${SANDCASTLE_CGROUPS:-/host/cgroup}
processes=${SANDCASTLE_PROCESSES:-/proc}

if [ ! -e "$cgroups/cgroup.controllers" ]; then
  echo "$cgroups is no cgroup v2 hierarchy: nothing is delegated on this node" >&2
  if [ "${1:-}" = --once ]; then exit 1; fi
  exec sleep infinity
fi
files=$(cat /sys/kernel/cgroup/delegate)

# The id on this node of root in there; nothing for a process of the node's own user namespace.
owner_of() { awk '$1 == 0 && $2 > 0 { print $2 }' "$processes/$1/$2" 2>/dev/null || true; }

# A process may end while it is looked at: whatever is missing then is no error.
delegate() {
  read -r name <"$processes/$2/comm" || return 0
  if [ "$name" != sandcastled ]; then return 0; fi
  user=$(owner_of "$2" uid_map)
  group=$(owner_of "$2" gid_map)
  if [ -z "$user" ] || [ -z "$group" ]; then return 0; fi
  for file in $files; do
    if [ -e "$1/$file" ]; then chown "$user:$group" "$1/$file" || return 0; fi
  done
  # The directory last: it is how the next look tells what has been done.
  chown "$user:$group" "$1" && echo "delegated $1 to $user"
}

look() {
  find "$cgroups" -type d -uid 0 -path '*kubepods*' 2>/dev/null | while read -r directory; do
    while read -r pid; do
      delegate "$directory" "$pid"
    done <"$directory/cgroup.procs" 2>/dev/null || true
  done
}

look
if [ "${1:-}" = --once ]; then exit; fi
while sleep "${SANDCASTLE_PERIOD:-0.5}"; do look; done
