#!/usr/bin/env bash
# An ordinary user with subordinate ids and a delegated cgroup runs the same sandboxes as root; without the cgroup, doctor says so.
# The user is made here and removed afterwards, with everything of its.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

skip() {
  echo "skip ordinary_user $1"
  exit 0
}
[ "$(id -u)" = 0 ] || skip "only root can make a user"
command -v newuidmap >/dev/null || skip "newuidmap is not installed"
command -v curl >/dev/null || skip "curl is not installed"
[ -x "$root/artifacts/bin/Sandcastle.Daemon/release/sandcastled" ] || skip "sandcastled is not built"

user=sctest$$
group=/sandcastle-test-$$
work=$(mktemp -d /tmp/ordinary-user-XXXXXX)
directories=()
daemon=
processes_of_user() {
  for process in /proc/[0-9]*; do
    if [ "$(stat -c %U "$process" 2>/dev/null)" = "$user" ]; then echo "${process#/proc/}"; fi
  done
}
cleanup() {
  # The user was made for this: whatever is its own is ours to end, and then its slots end too.
  for _ in $(seq 100); do
    mapfile -t processes < <(processes_of_user)
    [ "${#processes[@]}" -gt 0 ] || break
    kill "${processes[@]}" 2>/dev/null || true
    sleep 0.1
  done
  for directory in "${directories[@]}"; do
    for _ in $(seq 50); do
      find "$directory" -depth -type d -exec rmdir {} + 2>/dev/null && break
      sleep 0.1
    done
  done
  userdel --remove "$user" 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT

useradd --create-home "$user"
grep -q "^$user:" /etc/subuid || usermod --add-subuids 400000-465535 --add-subgids 400000-465535 "$user"

# What a user's own installation would have; the clone itself may be in a directory that only root can enter.
mkdir -p "$work/home/artifacts/bin/Sandcastle.Daemon"
cp -r "$root/artifacts/bin/Sandcastle.Daemon/release" "$work/home/artifacts/bin/Sandcastle.Daemon/"
cp -r "$root/artifacts/native" "$work/home/artifacts/"
cp -r "$root/guest" "$root/policy" "$root/templates" "$work/home/"
mkdir "$work/data"
chown -R "$user:" "$work/data"
chmod -R a+rX "$work/home"
chmod a+rx "$work"
program=$work/home/artifacts/bin/Sandcastle.Daemon/release/sandcastled
dotnet_root=$(dirname "$(readlink -f "$(command -v dotnet || echo "$root/.dotnet/dotnet")")")

# One directory in every hierarchy that can be limited by, given to the user.
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
  mounts=(/sys/fs/cgroup)
else
  mounts=()
  for name in unified memory pids cpu cpu,cpuacct cpuacct; do
    if [ -d "/sys/fs/cgroup/$name" ] && [ ! -L "/sys/fs/cgroup/$name" ]; then mounts+=("/sys/fs/cgroup/$name"); fi
  done
fi
for mount in "${mounts[@]}"; do
  mkdir "$mount$group"
  directories+=("$mount$group")
  chown -R "$user:" "$mount$group"
done

as_user() {
  runuser -u "$user" -- env -i PATH="$PATH" HOME="/home/$user" DOTNET_ROOT="$dotnet_root" SANDCASTLE_HOME="$work/home" "$@"
}

if as_user "$program" doctor --data-dir "$work/data" --cgroup-root "$group" >"$work/doctor" 2>&1; then
  echo 'ok ordinary_user_doctor_finds_everything'
else
  cat "$work/doctor"
  echo 'not ok ordinary_user_doctor_finds_everything'
fi
if as_user "$program" doctor --data-dir "$work/data" --cgroup-root /nowhere >"$work/doctor" 2>&1; then
  echo 'not ok ordinary_user_doctor_names_the_missing_cgroup'
elif grep -q '^!!.*cgroup\|^!!.*limit' "$work/doctor"; then
  echo 'ok ordinary_user_doctor_names_the_missing_cgroup'
else
  cat "$work/doctor"
  echo 'not ok ordinary_user_doctor_names_the_missing_cgroup'
fi

as_user "$program" --listen 127.0.0.1:0 --data-dir "$work/data" --cgroup-root "$group" >"$work/out" 2>"$work/log" &
daemon=$!
for _ in $(seq 600); do
  if grep -q ready "$work/out" || ! kill -0 "$daemon" 2>/dev/null; then break; fi
  sleep 0.1
done
server=$(grep -oE 'http://127\.0\.0\.1:[0-9]+' "$work/out" || true)
if [ -z "$server" ]; then
  cat "$work/log"
  echo 'not ok ordinary_user_starts_a_daemon'
  exit 1
fi
echo 'ok ordinary_user_starts_a_daemon'

key=$(cat "$work/data/api-key")
run() {
  curl -sS --max-time 60 -H "X-API-Key: $key" -H 'Content-Type: application/json' -d "$1" "$server/v1/runs"
}
expect() {
  local name=$1 body=$2 pattern=$3 answer
  answer=$(run "$body")
  if grep -q "$pattern" <<<"$answer"; then
    echo "ok $name"
  else
    echo "$answer"
    echo "not ok $name"
  fi
}
expect ordinary_user_runs_python '{"template":"python","code":"import os; print(os.getuid())"}' '"stdout":"1000\\n"'
expect ordinary_user_runs_bash '{"template":"bash","code":"expr 6 \\* 7"}' '"stdout":"42\\n"'
expect ordinary_user_limits_memory '{"template":"python","code":"x = bytearray(10**9)"}' '"outcome":"out_of_memory"'
expect ordinary_user_limits_pids '{"template":"python","code":"import os\nwhile os.fork(): pass\nimport time; time.sleep(9)"}' 'BlockingIOError'
expect ordinary_user_collects_private_files \
  '{"template":"python","code":"import os; os.close(os.open(\"secret\", os.O_CREAT | os.O_WRONLY, 0o600)); open(\"secret\", \"w\").write(\"mine\")","collect":["secret"]}' '"content":"mine"'
expect ordinary_user_is_billed '{"template":"python","code":"sum(range(10**7))"}' '"cpuMicros":[1-9][0-9][0-9][0-9]'
