# shellcheck shell=bash
# Sourced by eng/test-v2.sh: a virtual machine's root file system, made of this machine's own files.
#
# It holds what is installed of the required packages, of those below and of all they depend on, the .NET runtime, the
# test programs and what they need of the repository, each at the path it has here. Making it takes no mount and no root.

# What templates start, and what init, the worker and its tests use.
image_packages=(busybox-static libseccomp2 nodejs procps python3 uidmap)

# Of the repository, besides the test programs.
image_trees=(guest policy templates tests/Conformance artifacts/bin/Sandcastle.Daemon/release
  artifacts/native/sandcastle-jail artifacts/native/libsandcastle_jail.so)

# build_image DIRECTORY OVERLAY_MODULE NAME=VALUE…: makes DIRECTORY/root, for what DIRECTORY/programs names. Init is told the settings.
build_image() {
  local directory=$1 overlay=$2 stage=$1/root.d
  shift 2
  mkdir -p "$stage"/{dev,etc,home,mnt,proc,root,run,sys,tmp,usr,v2,var/tmp}
  chmod 1777 "$stage/tmp" "$stage/var/tmp"
  { installed_files && find "$DOTNET_ROOT/host" "$DOTNET_ROOT/shared" && repository_files "$directory/programs"; } | copy_to "$stage"
  ln -s usr/{bin,sbin,lib,lib64} "$stage"
  write_etc "$stage/etc"
  cp "$overlay" "$stage/v2/overlay.ko"
  cp "${root:?}/eng/v2/init" "$directory/programs" "$stage/v2/"
  printf '%q\n' root="$root" DOTNET_ROOT="$DOTNET_ROOT" "$@" >"$stage/v2/settings"
  # Sparse, and never mounted here. It lives for one boot: a journal would only cost.
  mke2fs -q -t ext4 -O ^has_journal -E lazy_itable_init=0,root_owner=0:0 -m 0 -d "$stage" "$directory/root" 2G >/dev/null
  rm -rf "$stage"
}

# The files named on standard input, by absolute paths.
copy_to() { sed 's,^/,,' | tar -C / -c --no-recursion -T - | tar -C "$1" -x; }

repository_files() {
  local name trees=("${image_trees[@]}" "artifacts/v2/${machine:?}/attacks")
  while read -r name _; do trees+=("artifacts/bin/$name/release"); done <"$1"
  for name in "${trees[@]}"; do if [ -e "$root/$name" ]; then find "$root/$name"; fi; done
}

# Every file that the packages brought, without those for people, translators and compilers, and with what no package
# lists: links to alternatives and CPython's compiled modules. dpkg still knows files of a merged /usr by their old names.
installed_files() {
  local python
  closure | xargs dpkg -L 2>/dev/null | sed -E -n 's,^/(bin|sbin|lib|lib64)/,/usr/\1/,; \,^/usr/,p' |
    grep -vE '^/usr/(include|share/(doc|info|locale|man|perl)|lib/(node_modules|[^/]*/perl))' | sort -u |
    while read -r file; do if [ -e "$file" ] || [ -L "$file" ]; then echo "$file"; fi; done
  find /usr/bin -lname '/etc/alternatives/*'
  for python in /usr/lib/python3.[0-9]*; do find "$python" -path '*/__pycache__*'; done
}

closure() {
  local required
  mapfile -t required < <(dpkg-query -W -f '${Priority} ${Package}\n' | sed -n 's/^required //p')
  apt-cache depends --recurse --installed --no-{recommends,suggests,conflicts,breaks,replaces,enhances} \
    "${required[@]}" "${image_packages[@]}" | grep '^[a-z0-9]' | sort -u
}

write_etc() {
  cp -a /etc/alternatives /etc/ld.so.cache "$1"
  printf '%s\n' root:x:0:0:root:/root:/bin/bash nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin >"$1/passwd"
  printf '%s\n' root:x:0: nogroup:x:65534: >"$1/group"
  printf '%s\n' root:100000:65536 | tee "$1/subuid" >"$1/subgid"
  printf '%s\n' '127.0.0.1 localhost v2' '::1 localhost' >"$1/hosts"
  printf '%s: files\n' passwd group hosts >"$1/nsswitch.conf"
}
