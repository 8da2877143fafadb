#!/usr/bin/env bash
# Pipelines, job control and the tools that scripts are made of. Prints `ok` when nothing was in the way.
set -euo pipefail
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cd "$directory"

# SIGPIPE ends the writer: what head leaves behind must not hang.
[ "$( (yes || true) | head -1)" = y ]
[ "$(seq 1 1000 | sort -rn | uniq | awk '{ s += $1 } END { print s }')" = 500500 ]
sleep 0.1 & wait $!
[ "$(cat <(echo substituted))" = substituted ]
coproc cat
echo hello >&"${COPROC[1]}"
read -r line <&"${COPROC[0]}"
[ "$line" = hello ]
mkfifo fifo
(echo through >fifo) &
[ "$(cat fifo)" = through ]
timeout 0.1 sleep 5 || [ $? = 124 ]

dd if=/dev/zero of=file bs=1M count=2 status=none
cp -a file copy
mv copy moved
ln -s file symlink
ln file link
install -m 755 file installed
touch -d yesterday file
truncate -s 10M sparse
tar -cz file moved | tar -tz >/dev/null
gzip -c file | gunzip | cmp - file
find . -type f -print0 | xargs -0 -P 2 md5sum >/dev/null
split -b 1M file part.
flock file true
stat file >/dev/null
df . >/dev/null
du -sh . >/dev/null
sync # refused, and it does not mind
sync file

ls -la / >/dev/null
id >/dev/null
date >/dev/null
nproc >/dev/null
uname -a >/dev/null
nice -n 5 true
setsid true
stdbuf -oL true
ulimit -n >/dev/null
bash -c 'kill -TERM $$' || [ $? = 143 ]
echo ok
