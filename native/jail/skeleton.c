/*
 * skeleton.c: one slot, made ahead. The order is the argument: the cgroups are joined before anything else happens, the
 * cgroup namespace is made after the join (made before, it would show the way out), the ids are taken before the first
 * file is created, and the old root is gone before the worker hears "ready".
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/sched.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "jail.h"

#define ROOT SC_SLOT_DIR "/root"

static int make_layers(struct sc_failure *failure)
{
	static const struct {
		const char *path;
		mode_t mode;
	} directories[] = {
		{SC_SLOT_DIR "/upper", 0755},	   {SC_SLOT_DIR "/work", 0755},
		{ROOT, 0755},			   {SC_SLOT_DIR "/shm", 01777},
		{SC_SLOT_DIR "/upper/tmp", 01777}, {SC_SLOT_DIR "/upper/var", 0755},
		{SC_SLOT_DIR "/upper/var/tmp", 01777}, {SC_SLOT_DIR "/upper/home", 0755},
		{SC_SLOT_DIR "/upper/home/user", 0755},
	};
	mode_t mask = umask(0);
	for (unsigned i = 0; i < sizeof directories / sizeof *directories; i++)
		if (mkdir(directories[i].path, directories[i].mode) < 0)
			return sc_fail(failure, SC_STEP_make_directory, i);
	umask(mask);
	return 0;
}

/* The keep's trees are read-only mounts already, and a bind mount keeps that, locked. */
static int mount_trees(struct sc_failure *failure, const struct sc_keep_spec *spec)
{
	const struct sc_tree *trees = sc_spec_trees(spec);
	char target[sizeof ROOT + SC_PATH_MAX];
	for (uint32_t i = 0; i < spec->tree_count; i++) {
		snprintf(target, sizeof target, ROOT "%s", trees[i].target);
		if (sc_make_mount_point(target, trees[i].flags & SC_TREE_FILE) < 0)
			return sc_fail(failure, SC_STEP_mount_tree, 1000 + i);
		if (mount(trees[i].target, target, NULL, MS_BIND | MS_REC, NULL) < 0)
			return sc_fail(failure, SC_STEP_mount_tree, i);
	}
	return 0;
}

static int mount_dev(struct sc_failure *failure)
{
	if (sc_make_mount_point(ROOT "/dev", false) < 0 || mount("/dev", ROOT "/dev", NULL, MS_BIND | MS_REC, NULL) < 0)
		return sc_fail(failure, SC_STEP_mount_dev, 0);
	if (mount("devpts", ROOT "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=0620,max=32") < 0)
		return sc_fail(failure, SC_STEP_mount_pts, 0);
	/* On the slot's own tmpfs, so that one size limit holds for all of its disk. */
	if (mount(SC_SLOT_DIR "/shm", ROOT "/dev/shm", NULL, MS_BIND, NULL) < 0)
		return sc_fail(failure, SC_STEP_mount_shm, 0);
	return 0;
}

/* What a build without some wall has of others. */
static int bind_shared(struct sc_failure *failure, const char *source, const char *where)
{
	char target[sizeof ROOT + 64];
	snprintf(target, sizeof target, ROOT "%s", where);
	if (mount(source, target, NULL, MS_BIND | MS_REC, NULL) < 0)
		return sc_fail(failure, SC_STEP_mount_tree, 3000);
	return 0;
}

static int share_root(struct sc_failure *failure)
{
	static const char *const shared[] = {"/etc", "/var", "/root", "/opt", "/srv", "/sys"};
	char source[64], target[sizeof ROOT + 64];
	for (unsigned i = 0; i < sizeof shared / sizeof *shared; i++) {
		snprintf(source, sizeof source, SC_HOST_DIR "%s", shared[i]);
		snprintf(target, sizeof target, ROOT "%s", shared[i]);
		if (sc_make_mount_point(target, false) < 0)
			return sc_fail(failure, SC_STEP_make_directory, 3000 + i);
		if (bind_shared(failure, source, shared[i]) < 0)
			return -1;
	}
	return 0;
}

static int share_disk(struct sc_failure *failure)
{
	if (bind_shared(failure, SC_SHARED_DIR "/tmp", "/tmp") < 0 ||
	    bind_shared(failure, SC_SHARED_DIR "/var-tmp", "/var/tmp") < 0 ||
	    bind_shared(failure, SC_SHARED_DIR "/shm", "/dev/shm") < 0)
		return -1;
	return 0;
}

/* What /proc tells of the host, or would let an unlucky kernel do, is covered. Most of it is closed by ownership too. */
static int mount_proc(struct sc_failure *failure)
{
	static const char *const covered[] = {"kcore", "keys", "key-users", "timer_list", "sysrq-trigger", "kallsyms",
					      "kmsg", "cmdline", "config.gz", "sched_debug", "latency_stats",
					      "interrupts", "softirqs", "diskstats", "partitions", "sys/kernel/random/boot_id"};
	char path[sizeof ROOT + 64];
	if (sc_make_mount_point(ROOT "/proc", false) < 0)
		return sc_fail(failure, SC_STEP_mount_proc, 1);
	if (!SC_HAS(proc))
		return bind_shared(failure, SC_OUTSIDE_DIR, "/proc");
	/* A fresh one shows one's own pid namespace, and would be refused in another's. */
	if (SC_HAS(pid) ? sc_mount_proc(failure, ROOT "/proc") < 0 : bind_shared(failure, "/proc", "/proc") < 0)
		return -1;
	if (SC_HAS(user) && SC_HAS(limits) && sc_limit_watching(failure, ROOT "/proc/sys/user") < 0)
		return -1;
	for (unsigned i = 0; i < sizeof covered / sizeof *covered; i++) {
		snprintf(path, sizeof path, ROOT "/proc/%s", covered[i]);
		if (mount("/dev/null", path, NULL, MS_BIND, NULL) < 0 && errno != ENOENT)
			return sc_fail(failure, SC_STEP_mount_proc, 10 + i);
	}
	/* Triggers that the kernel keeps for whoever writes there (PSI). */
	if (access(ROOT "/proc/pressure", F_OK) == 0 &&
	    sc_mount_tree(failure, SC_STEP_mount_proc, 3, ROOT "/proc/pressure", ROOT "/proc/pressure", false) < 0)
		return -1;
	return sc_mount_tree(failure, SC_STEP_mount_proc, 2, ROOT "/proc/sys", ROOT "/proc/sys", false);
}

static int raise_loopback(struct sc_failure *failure)
{
	SC_CLEANUP_FD int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &request) < 0)
		return sc_fail(failure, SC_STEP_loopback, 0);
	return 0;
}

static int build_root(struct sc_failure *failure, const struct sc_slot_start *start, const struct sc_keep_spec *spec,
		      int *disk)
{
	if (sc_mount_private(failure) < 0 ||
	    sc_mount_tmpfs(failure, 2, SC_SLOT_DIR, SC_HAS(disk) ? start->disk_bytes : SC_ROOMY_BYTES,
			   SC_HAS(disk) ? start->disk_inodes : SC_ROOMY_INODES) < 0)
		return -1;
	*disk = open(SC_SLOT_DIR, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (*disk < 0)
		return sc_fail(failure, SC_STEP_open_root, 1);
	if (make_layers(failure) < 0 || sc_mount_overlay(failure, SC_LOWER_DIR, SC_SLOT_DIR, ROOT) < 0)
		return -1;
	if (mount_trees(failure, spec) < 0 || mount_dev(failure) < 0 || mount_proc(failure) < 0)
		return -1;
	if ((!SC_HAS(root) && share_root(failure) < 0) || (!SC_HAS(disk) && share_disk(failure) < 0))
		return -1;
	/* The guest's runner, for interpreters that boot in the slot. */
	if (sc_make_mount_point(ROOT SC_GUEST_DIR, false) < 0 ||
	    mount(SC_GUEST_DIR, ROOT SC_GUEST_DIR, NULL, MS_BIND | MS_REC, NULL) < 0)
		return sc_fail(failure, SC_STEP_mount_guest, 2);
	return sc_pivot(failure, ROOT);
}

int sc_announce_slot(struct sc_failure *failure, int control, uint32_t id)
{
	struct sc_child ready = {.header = {.kind = SC_SLOT_READY, .id = id}, .pid = 1};
	SC_CLEANUP_FD int pidfd = (int)syscall(SYS_pidfd_open, getpid(), 0);
	if (pidfd < 0)
		return sc_fail(failure, SC_STEP_pidfd, 0);
	SC_CLEANUP_FD int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return sc_fail(failure, SC_STEP_open_root, 0);
	return sc_send(control, &ready, sizeof ready, (int[]){pidfd, root}, 2) < 0 ? sc_fail(failure, SC_STEP_send, 0) : 0;
}

/* What pid 1 of a slot needs for the worker's wishes (slot.c), and for its children until they have dropped theirs. */
static const uint64_t init_capabilities = SC_CAP(CAP_SYS_ADMIN) | SC_CAP(CAP_DAC_OVERRIDE) | SC_CAP(CAP_SETPCAP) |
					  SC_CAP(CAP_SETUID) | SC_CAP(CAP_SETGID);

static int become_slot(struct sc_failure *failure, const struct sc_slot_start *start, const struct sc_keep_spec *spec,
		       const int *fds, unsigned count, int mapped, int *disk)
{
	char byte;
	if (sc_join_cgroups(failure, fds + 1, count - 1) < 0)
		return -1;
	if (read(mapped, &byte, 1) != 1)
		return sc_fail_with(failure, SC_STEP_wait_for_map, 2, EPIPE);
	close(mapped);
	umask(022);
	if (unshare(CLONE_NEWNS | SC_FLAG(net, CLONE_NEWNET) | SC_FLAG(ipc, CLONE_NEWIPC) | SC_FLAG(uts, CLONE_NEWUTS) |
		    SC_FLAG(cgroup, CLONE_NEWCGROUP)) < 0)
		return sc_fail(failure, SC_STEP_unshare, 0);
	if (sc_become(failure, SC_SLOT_UID, SC_SLOT_GID) < 0 || build_root(failure, start, spec, disk) < 0)
		return -1;
	if (SC_HAS(uts) && sethostname(start->hostname, strlen(start->hostname)) < 0)
		return sc_fail(failure, SC_STEP_hostname, 0);
	if ((SC_HAS(net) && raise_loopback(failure) < 0) || sc_keep_capabilities(failure, init_capabilities) < 0)
		return -1;
	if (chdir(SC_HOME) < 0)
		return sc_fail(failure, SC_STEP_chdir, 1);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return sc_fail(failure, SC_STEP_no_new_privs, 1);
	/* The change of ids took it from itself; nobody else is here yet. */
	if (prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) < 0 || sc_open_io() < 0)
		return sc_fail(failure, SC_STEP_io, 1);
	/* Same uid as the programs: what keeps them out of this process is that it cannot be looked into. */
	if (SC_HAS(dumpable) && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		return sc_fail(failure, SC_STEP_dumpable, 0);
	return sc_announce_slot(failure, fds[0], start->header.id);
}

static _Noreturn void skeleton_child(const struct sc_slot_start *start, const struct sc_keep_spec *spec, const int *fds,
				     unsigned count, int mapped)
{
	struct sc_failure failure = {0};
	int disk = -1;
	close(SC_FD_CONTROL); /* the keep's: its end must be seen when the keep ends */
	if (become_slot(&failure, start, spec, fds, count, mapped, &disk) < 0) {
		sc_send_failure(fds[0], start->header.id, &failure);
		_exit(SC_EXIT_BROKEN);
	}
	sc_slot_main(fds[0], disk, SC_WALL_OURS);
}

pid_t sc_start_skeleton(struct sc_failure *failure, const struct sc_slot_start *start, const struct sc_keep_spec *spec,
			const int *fds, unsigned count)
{
	int mapped[2], result = 0;
	char map[48];
	struct clone_args args = {
		/* The others are made by the child: that takes most of a slot's time, and is then charged to it and yields as it does. */
		.flags = SC_FLAG(user, CLONE_NEWUSER) | SC_FLAG(pid, CLONE_NEWPID),
		.exit_signal = SIGCHLD,
	};
	if (pipe2(mapped, O_CLOEXEC) < 0)
		return sc_fail(failure, SC_STEP_clone, 2);
	pid_t pid = (pid_t)syscall(SYS_clone3, &args, sizeof args);
	if (pid == 0) {
		close(mapped[1]);
		skeleton_child(start, spec, fds, count, mapped[0]);
	}
	close(mapped[0]);
	snprintf(map, sizeof map, "%u %u 1\n", SC_SLOT_UID, start->inner_id);
	if (pid < 0)
		result = sc_fail(failure, SC_STEP_clone, 3);
	else if (SC_HAS(user) && sc_map_ids(failure, pid, map, map) < 0)
		result = -1;
	else if (write(mapped[1], "", 1) != 1)
		result = sc_fail(failure, SC_STEP_wait_for_map, 3);
	close(mapped[1]);
	return result < 0 ? -1 : pid;
}
