# shellcheck shell=bash
# Sourced by eng/test-v2.sh: how the two virtual machines are booted. Neither needs /dev/kvm or any privilege.
#
#   uml    Linux as a program of this machine (user-mode Linux): programs in it run at this machine's own speed. One processor,
#          and CPU time is counted in ticks of 10 ms.
#   qemu   every instruction emulated, some ten times slower. Clocks and counters are as exact as anywhere.
#
# Disks: DIRECTORY/root is the first, DIRECTORY/results.tar the second.

# Of uml: a page of a program in there can be a mapping of its own out here, and the greatest has 256 MiB of them and more.
maps=1048576 maps_before=''

# results_disk MACHINE: what the second disk is called in there.
results_disk() {
  case $1 in
    qemu) echo /dev/nvme1n1 ;;
    uml) echo /dev/ubdb ;;
  esac
}

# missing_for MACHINE: why it cannot be booted here; nothing when it can.
missing_for() {
  local tool
  [ "$(uname -m)" = x86_64 ] || echo "the kernel is for x86_64, this machine is $(uname -m)"
  for tool in busybox mke2fs apt-cache dpkg $([ "$1" = uml ] || echo qemu-system-x86_64); do
    command -v "$tool" >/dev/null || echo "$tool is not installed: make deps-extra"
  done
  if [ "$1" = uml ] && [ "$(</proc/sys/vm/max_map_count)" -lt "$maps" ] && [ ! -w /proc/sys/vm/max_map_count ]; then
    echo "vm.max_map_count is $(</proc/sys/vm/max_map_count); a user-mode kernel needs $maps, and only root can raise it"
  fi
}

# boot_qemu DIRECTORY KERNEL: a processor of 2008 is all that .NET asks for; wider vectors are emulated a piece at a time.
boot_qemu() {
  exec qemu-system-x86_64 \
    -nodefaults -no-user-config -no-reboot -display none -serial stdio \
    -machine q35 -accel tcg,thread=multi -cpu Nehalem -smp 2 -m 3G \
    -kernel "$2" -append 'console=ttyS0 quiet panic=-1 mitigations=off root=/dev/nvme0n1 rw init=/v2/init' \
    -drive "if=none,id=root,format=raw,cache=unsafe,file=$1/root" -device nvme,drive=root,serial=root \
    -drive "if=none,id=results,format=raw,cache=unsafe,file=$1/results.tar" -device nvme,drive=results,serial=results
}

raise_maps() {
  maps_before=$(</proc/sys/vm/max_map_count)
  if [ "$maps_before" -lt "$maps" ]; then echo "$maps" >/proc/sys/vm/max_map_count; fi
}

lower_maps() { if [ -n "$maps_before" ]; then echo "$maps_before" >/proc/sys/vm/max_map_count; fi; }

# boot_uml DIRECTORY KERNEL: its memory is a file. Each of its system calls is two switches between processes out here, which
# are several times cheaper on one processor than from one to the other.
boot_uml() {
  local memory=/dev/shm
  if [ "$(df --output=avail -k "$memory" | tail -n 1)" -lt 3500000 ]; then memory=$1; fi
  TMPDIR=$memory exec taskset -c "$(taskset -cp "$BASHPID" | grep -oE '[0-9]+$')" "$2" \
    mem=3G ubd0="$1/root" ubd1="$1/results.tar" con0=fd:0,fd:1 con=null quiet panic=-1 root=/dev/ubda rw init=/v2/init
}
