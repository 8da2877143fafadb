# shellcheck shell=bash
# Sourced by eng/test-v2.sh: the kernel that the virtual machine boots.
#
# Debian's cloud kernel has what a root file system on an emulated NVMe disk needs built in, so no initial RAM disk is
# needed; only overlayfs is a module. Not installed, it is taken out of its package, into artifacts/v2/kernel/.

kernel='' overlay='' # set by find_kernel: the image, and the module of overlayfs

# find_kernel DIRECTORY: in /boot, or else in DIRECTORY, which is filled first. Says why when there is none.
find_kernel() {
  local found release
  for found in /boot/vmlinuz-*-cloud-amd64; do
    release=${found#/boot/vmlinuz-}
    kernel=$found overlay=/lib/modules/$release/kernel/fs/overlayfs/overlay.ko
    if [ -r "$kernel" ] && [ -r "$overlay" ]; then return; fi
  done
  kernel=$1/vmlinuz overlay=$1/overlay.ko
  [ -e "$overlay" ] || fetch_kernel "$1"
}

fetch_kernel() {
  local target=$1 temporary package
  if ! command -v apt-get >/dev/null; then
    echo 'no Debian kernel here, and no apt-get to fetch one'
    return 1
  fi
  mkdir -p "$target"
  temporary=$(mktemp -d "$target/fetch.XXXXXX")
  if ! package=$(download_kernel "$temporary"); then
    echo "apt-get could not fetch linux-image-cloud-amd64: $(grep '^E:' "$temporary/log" | tail -n 1)"
  elif ! unpack_kernel "$temporary" "$target"; then
    echo "$package does not hold a kernel and its overlay module where they are expected"
  fi
  rm -rf "$temporary"
  [ -e "$target/overlay.ko" ]
}

# The package lists may be missing, or so old that what they name is gone: then they are renewed, and the second try counts.
download_kernel() {
  local package
  cd "$1" || return
  for try in 1 2; do
    package=$(apt-cache depends linux-image-cloud-amd64 2>/dev/null | awk '$1 == "Depends:" && $2 ~ /^linux-image-[0-9]/ { print $2; exit }')
    if [ -n "$package" ] && timeout 180 apt-get -q download "$package" >>log 2>&1; then
      echo "$package"
      return
    fi
    [ "$try" = 2 ] || timeout 120 apt-get -q update >>log 2>&1 || true
  done
  return 1
}

# The module is moved last: its presence says that all is there.
unpack_kernel() {
  dpkg -x "$1"/*.deb "$1/tree" &&
    mv "$1"/tree/boot/vmlinuz-* "$2/vmlinuz" &&
    mv "$1"/tree/lib/modules/*/kernel/fs/overlayfs/overlay.ko "$2/overlay.ko"
}
