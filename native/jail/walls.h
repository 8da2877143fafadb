/*
 * walls.h: which walls this build has. All of them, but for builds that tests/Conformance makes weaker on purpose
 * (`make without WALLS=…`): there every attack must get through that is held by what is gone, so that one which cannot
 * fail shows itself. It is a constant of the compiler: what is not taken folds away, and nobody can ask for it at run time.
 */
#ifndef SANDCASTLE_WALLS_H
#define SANDCASTLE_WALLS_H

enum sc_taken {
	SC_TAKEN_seccomp = 1 << 0,      /* no filter is installed */
	SC_TAKEN_user = 1 << 1,         /* slots are in the keep's user namespace, and have one uid there */
	SC_TAKEN_pid = 1 << 2,          /* … in the keep's pid namespace, and see its /proc */
	SC_TAKEN_net = 1 << 3,          /* … in the host's network */
	SC_TAKEN_ipc = 1 << 4,          /* … in the keep's ipc namespace */
	SC_TAKEN_uts = 1 << 5,          /* … in the keep's uts namespace */
	SC_TAKEN_cgroup = 1 << 6,       /* nobody joins a cgroup, and there is no cgroup namespace */
	SC_TAKEN_proc = 1 << 7,         /* the host's /proc, nothing of it covered */
	SC_TAKEN_root = 1 << 8,         /* the host's /etc, /var, /root, /opt, /srv and /sys, read-only */
	SC_TAKEN_disk = 1 << 9,         /* no limit of disk, and /tmp, /var/tmp and /dev/shm are everybody's */
	SC_TAKEN_capabilities = 1 << 10, /* programs keep what they have in their user namespace */
	SC_TAKEN_limits = 1 << 11,      /* no rlimits */
	SC_TAKEN_descriptors = 1 << 12, /* what is open stays open */
	SC_TAKEN_dumpable = 1 << 13,    /* a slot's init may be looked into */
};

#ifndef SC_WITHOUT
#define SC_WITHOUT 0
#endif

#define SC_HAS(wall) (((SC_WITHOUT) & SC_TAKEN_##wall) == 0)
/* A namespace flag, unless its wall is gone. */
#define SC_FLAG(wall, flag) (SC_HAS(wall) ? (flag) : 0)

/* What a keep has for slots that share what they should not. */
#define SC_HOST_DIR "/run/host"
#define SC_OUTSIDE_DIR "/run/outside"
#define SC_SHARED_DIR "/run/shared"
/* More than anybody may take: without any limit a tmpfs says that it has no inode free, which reads as full. */
#define SC_ROOMY_BYTES (UINT64_C(8) << 30)
#define SC_ROOMY_INODES 10000000

#endif
