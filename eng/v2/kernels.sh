# shellcheck shell=bash
# Sourced by eng/test-v2.sh: the kernel that a virtual machine boots.
#
# For qemu Debian's cloud kernel, which has what a root file system on an emulated NVMe disk needs built in, so no initial
# RAM disk is needed; and Debian's user-mode kernel, which is a program. In both only overlayfs is a module. One that is not
# installed is taken out of its package.

kernel='' overlay='' # set by find_kernel: the kernel, and its module of overlayfs

# find_kernel MACHINE DIRECTORY: where it is installed, or else in DIRECTORY, which is filled first. Says why when there is none.
find_kernel() {
  local found release
  for found in $(installed_kernels "$1"); do
    kernel=${found%:*} release=${found#*:}
    overlay=$(module_trees "$1")/$release/kernel/fs/overlayfs/overlay.ko
    if [ -r "$kernel" ] && [ -r "$overlay" ]; then return; fi
  done
  kernel=$2/kernel overlay=$2/overlay.ko
  [ -e "$overlay" ] || fetch_kernel "$1" "$2"
}

module_trees() {
  case $1 in
    qemu) echo /lib/modules ;;
    uml) echo /usr/lib/uml/modules ;;
  esac
}

# A line for each: FILE:RELEASE.
installed_kernels() {
  local found
  case $1 in
    qemu) for found in /boot/vmlinuz-*-cloud-amd64; do echo "$found:${found#/boot/vmlinuz-}"; done ;;
    uml) for found in /usr/lib/uml/modules/*; do echo "/usr/bin/linux.uml:${found##*/}"; done ;;
  esac
}

fetch_kernel() {
  local target=$2 temporary package
  if ! command -v apt-get >/dev/null; then
    echo 'no Debian kernel here, and no apt-get to fetch one'
    return 1
  fi
  mkdir -p "$target"
  temporary=$(mktemp -d "$target/fetch.XXXXXX")
  if ! package=$(download_kernel "$1" "$temporary"); then
    echo "apt-get could not fetch the kernel for $1: $(grep '^E:' "$temporary/log" | tail -n 1)"
  elif ! unpack_kernel "$temporary" "$target"; then
    echo "$package does not hold a kernel and its overlay module where they are expected"
  fi
  rm -rf "$temporary"
  [ -e "$target/overlay.ko" ]
}

kernel_package() {
  case $1 in
    qemu) apt-cache depends linux-image-cloud-amd64 2>/dev/null | awk '$1 == "Depends:" && $2 ~ /^linux-image-[0-9]/ { print $2; exit }' ;;
    uml) echo user-mode-linux ;;
  esac
}

# The package lists may be missing, or so old that what they name is gone: then they are renewed, and the second try counts.
download_kernel() {
  local package
  cd "$2" || return
  for try in 1 2; do
    package=$(kernel_package "$1")
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
    find "$1/tree" -type f \( -path '*/boot/vmlinuz-*' -o -path '*/usr/bin/linux.uml' \) -exec mv {} "$2/kernel" \; && [ -e "$2/kernel" ] &&
    find "$1/tree" -name overlay.ko -exec mv {} "$2/overlay.ko" \; && [ -e "$2/overlay.ko" ]
}
