/*
 * lone.c: the init of a slot whose wall another program has built, nsjail or runsc (profiles nsjail and gvisor). It makes of
 * that what skeleton.c makes with the kernel's own calls, and then serves the worker as the init of every slot does (slot.c).
 *
 * nsjail: everything is done. The ids are the slot's; no capability is left but the one to give up capabilities, and the one to
 * set limits of the namespace, which is given up at once; nsjail's filter is in force for this process too; the root is a tmpfs
 * that belongs to the slot, with the trees mounted on it.
 *
 * gVisor: the kernel here is runsc's. This process is root in it, so that it can make the disk, and programs become the slot's
 * user with a filter of their own, as in the skeleton. That kernel lends no descriptor of its own to the outside.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "jail.h"

/* nsjail: the root is the disk. */
static int make_directories(struct sc_failure *failure)
{
	static const struct {
		const char *path;
		mode_t mode;
	} directories[] = {{"/tmp", 01777}, {"/var", 0755},    {"/var/tmp", 01777},      {"/home", 0755},
			   {SC_HOME, 0755}, {"/run", 0755}, {"/run/shm", 01777}};
	for (unsigned i = 0; i < sizeof directories / sizeof *directories; i++) {
		if (mkdir(directories[i].path, directories[i].mode) < 0 && errno != EEXIST)
			return sc_fail(failure, SC_STEP_make_directory, 40 + i);
		if (chmod(directories[i].path, directories[i].mode) < 0 && errno != EPERM)
			return sc_fail(failure, SC_STEP_make_directory, 60 + i);
	}
	return 0;
}

/* gVisor: one size-capped tmpfs, seen at the four places that a program may write to. The root is mounted read-only. */
int sc_mount_disk(struct sc_failure *failure, uint64_t bytes)
{
	static const struct {
		const char *path, *target;
		mode_t mode;
		bool owned; /* by the slot's user */
		bool made;  /* the place is not there yet */
	} places[] = {{SC_SLOT_DIR "/home", SC_HOME, 0755, true, false},
		      {SC_SLOT_DIR "/tmp", "/tmp", 01777, false, false},
		      {SC_SLOT_DIR "/var", "/var/tmp", 01777, false, false},
		      {SC_SLOT_DIR "/shm", "/dev/shm", 01777, false, true}};
	char options[64];
	snprintf(options, sizeof options, "mode=0700,size=%llu", (unsigned long long)bytes);
	if (mount("tmpfs", SC_SLOT_DIR, "tmpfs", MS_NOSUID | MS_NODEV, options) < 0)
		return sc_fail(failure, SC_STEP_mount_tmpfs, 3);
	for (unsigned i = 0; i < sizeof places / sizeof *places; i++) {
		if (mkdir(places[i].path, places[i].mode) < 0 || chmod(places[i].path, places[i].mode) < 0)
			return sc_fail(failure, SC_STEP_make_directory, 80 + i);
		if (places[i].owned && chown(places[i].path, SC_SLOT_UID, SC_SLOT_GID) < 0)
			return sc_fail(failure, SC_STEP_make_directory, 90 + i);
		if (places[i].made && sc_make_mount_point(places[i].target, false) < 0)
			return sc_fail(failure, SC_STEP_make_directory, 100 + i);
		if (mount(places[i].path, places[i].target, NULL, MS_BIND, NULL) < 0)
			return sc_fail(failure, SC_STEP_mount_shm, 10 + i);
	}
	return 0;
}

/* What is the worker's log so far is no business of this process any more. */
static int let_go_of_log(struct sc_failure *failure)
{
	SC_CLEANUP_FD int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	for (int fd = 0; fd < 3; fd++)
		if (null < 0 || dup2(null, fd) < 0)
			return sc_fail(failure, SC_STEP_descriptors, 200);
	return 0;
}

static int hide(struct sc_failure *failure)
{
	if (let_go_of_log(failure) < 0)
		return -1;
	if (sc_open_io() < 0)
		return sc_fail(failure, SC_STEP_io, 2);
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		return sc_fail(failure, SC_STEP_dumpable, 2);
	return chdir(SC_HOME) < 0 ? sc_fail(failure, SC_STEP_chdir, 3) : 0;
}

static int prepare_nsjail(struct sc_failure *failure)
{
	umask(0);
	if (make_directories(failure) < 0)
		return -1;
	umask(022);
	/* That was what the second capability is for. */
	if (sc_limit_watching(failure, "/proc/sys/user") < 0 || sc_set_capabilities(failure, SC_CAP(CAP_SETPCAP)) < 0)
		return -1;
	return hide(failure) < 0 ? -1 : sc_announce_slot(failure, SC_FD_CONTROL, 0);
}

static int prepare_gvisor(struct sc_failure *failure, const char *bytes)
{
	struct sc_child ready = {.header = {.kind = SC_SLOT_READY}, .pid = 1};
	umask(022);
	if (fcntl(SC_FD_FILTER, F_SETFD, FD_CLOEXEC) < 0)
		return sc_fail(failure, SC_STEP_descriptors, SC_FD_FILTER);
	if (sc_load_filter(failure, SC_FD_FILTER) < 0 || sc_mount_disk(failure, strtoull(bytes, NULL, 10)) < 0 || hide(failure) < 0)
		return -1;
	close(SC_FD_FILTER);
	return sc_send(SC_FD_CONTROL, &ready, sizeof ready, NULL, 0) < 0 ? sc_fail(failure, SC_STEP_send, 2) : 0;
}

int sc_lone_main(const char *wall, const char *disk_bytes)
{
	struct sc_failure failure = {0};
	enum sc_wall kind = strcmp(wall, "gvisor") == 0 ? SC_WALL_GVISOR : SC_WALL_NSJAIL;
	sc_reset_signals();
	if (fcntl(SC_FD_CONTROL, F_SETFD, FD_CLOEXEC) < 0)
		return SC_EXIT_BROKEN;
	if ((kind == SC_WALL_GVISOR ? prepare_gvisor(&failure, disk_bytes) : prepare_nsjail(&failure)) < 0) {
		sc_send_failure(SC_FD_CONTROL, 0, &failure);
		return SC_EXIT_BROKEN;
	}
	sc_slot_main(SC_FD_CONTROL, -1, kind);
}
