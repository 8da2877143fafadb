"""What attacks are written with. An attack tries; what succeeds is told, and if nothing did, `end` says "held"."""

import ctypes
import errno
import fcntl
import os
import platform
import resource
import signal
import socket
import struct
import subprocess
import sys
import time

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
through = []

NUMBERS = {
    "x86_64": dict(
        mount=165, umount2=166, pivot_root=155, chroot=161, mknodat=259, open_by_handle_at=304, name_to_handle_at=303, fsopen=430,
        fsconfig=431, fsmount=432, fspick=433, move_mount=429, open_tree=428, mount_setattr=442, unshare=272, clone=56, clone3=435, setns=308,
        ptrace=101, process_vm_readv=310, process_vm_writev=311, pidfd_open=434, pidfd_getfd=438, pidfd_send_signal=424, bpf=321,
        perf_event_open=298, userfaultfd=323, io_uring_setup=425, io_uring_enter=426, io_uring_register=427, keyctl=250, add_key=248,
        request_key=249, kexec_load=246, kexec_file_load=320, init_module=175, finit_module=313, delete_module=176, swapon=167, swapoff=168,
        reboot=169, settimeofday=164, clock_settime=227, adjtimex=159, clock_adjtime=305, sethostname=170, setdomainname=171, quotactl=179,
        quotactl_fd=443, fanotify_init=300, fanotify_mark=301, personality=135, seccomp=317, iopl=172, ioperm=173, acct=163, syslog=103,
        vhangup=153, lookup_dcookie=212, move_pages=279, migrate_pages=256, mbind=237, set_mempolicy=238, kcmp=312, process_madvise=440,
        modify_ldt=154, uselib=134, ustat=136, nfsservctl=180, sched_setscheduler=144, setpriority=141, prctl=157, memfd_secret=447,
        landlock_create_ruleset=444, statmount=457, listmount=458, lsm_get_self_attr=459, lsm_set_self_attr=460, cachestat=451,
        vmsplice=278, remap_file_pages=216, get_kernel_syms=177, query_module=178, _sysctl=156, nonsense=5000),
}


def number(name):
    table = NUMBERS.get(platform.machine())
    if table is None:
        print("skip: no call numbers for", platform.machine())
        sys.exit(0)
    return table[name]


def syscall(name, *args):
    """Result and errno."""
    ctypes.set_errno(0)
    result = libc.syscall(number(name), *[ctypes.c_long(a) if isinstance(a, int) else a for a in args])
    return result, ctypes.get_errno()


def denied(name, *args, by=(errno.EPERM, errno.ENOSYS, errno.EACCES)):
    """The call itself must be refused, not only its arguments."""
    result, error = syscall(name, *args)
    if result != -1 or error not in by:
        through.append(f"{name}: {result}, {errno.errorcode.get(error, error)}")


def refused(what, call, *args, **kwargs):
    try:
        result = call(*args, **kwargs)
    except (OSError, ValueError, PermissionError):
        return
    through.append(f"{what}: {str(result)[:100]!r}")


def never(what, found):
    if found:
        through.append(f"{what}: {str(found)[:200]!r}")


def read(path, size=4096):
    with open(path, "rb") as file:
        return file.read(size)


def try_read(path, size=4096):
    try:
        return read(path, size)
    except OSError:
        return b""


def write(path, text):
    with open(path, "w") as file:
        file.write(text)


def sh(command):
    return subprocess.run(command, shell=True, capture_output=True, text=True)


def end():
    sys.stdout.flush()
    os.write(1, ("\n".join(through) or "held").encode() + b"\n")
