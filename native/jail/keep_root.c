/*
 * keep_root.c: what a keep sees. A root of its own, an overlay of the template's root and a small tmpfs, with the named
 * trees on it read-only, a fresh /proc, a minimal /dev, and under /run/sandcastle what slots are made from. The host's
 * root is gone afterwards. Slots copy these mounts with their mount namespace and build on them (skeleton.c).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <linux/mount.h>
#include <unistd.h>

#include "jail.h"

enum { KEEP_DISK_BYTES = 64 << 20, KEEP_DISK_INODES = 16384, DEV_BYTES = 64 << 10, DEV_INODES = 64 };

struct building {
	struct sc_failure *failure;
	const struct sc_keep_spec *spec;
	char base[SC_PATH_MAX]; /* a tmpfs that holds the layers; the new root is base/root */
};

/* Where a host path is found now: itself, or where nsjail mounted it for us. */
static const char *staged(const struct building *b, char *buffer, const char *host, const char *name)
{
	if (b->spec->kind != SC_KEEP_NSJAIL)
		return host;
	snprintf(buffer, SC_PATH_MAX, SC_STAGED_DIR "/%s", name);
	return buffer;
}

static const char *inside(const struct building *b, char *buffer, const char *path)
{
	snprintf(buffer, 2 * SC_PATH_MAX, "%s/root%s", b->base, path);
	return buffer;
}

static int make(const struct building *b, unsigned index, const char *path, mode_t mode)
{
	char full[2 * SC_PATH_MAX];
	snprintf(full, sizeof full, "%s/%s", b->base, path);
	if (mkdir(full, mode) < 0 && errno != EEXIST)
		return sc_fail(b->failure, SC_STEP_make_directory, index);
	return chmod(full, mode) < 0 ? sc_fail(b->failure, SC_STEP_make_directory, index) : 0;
}

/* Directories that must belong to the keep exist in the upper layer first: those of the lower one have owners that are
 * not mapped here, and could not be copied up. */
static int make_layers(const struct building *b)
{
	static const struct {
		const char *path;
		mode_t mode;
	} directories[] = {{"upper", 0755}, {"work", 0755},  {"root", 0755}, {"upper/tmp", 01777},
			   {"upper/run", 0755}, {"upper/dev", 0755}, {"upper/proc", 0755}};
	for (unsigned i = 0; i < sizeof directories / sizeof *directories; i++)
		if (make(b, i, directories[i].path, directories[i].mode) < 0)
			return -1;
	return 0;
}

static int bind(const struct building *b, enum sc_step step, unsigned index, const char *source, const char *path,
		bool file)
{
	char target[2 * SC_PATH_MAX];
	inside(b, target, path);
	if (sc_make_mount_point(target, file) < 0)
		return sc_fail(b->failure, step, 1000 + index);
	return sc_mount_tree(b->failure, step, index, source, target, false);
}

static int mount_trees(const struct building *b)
{
	const struct sc_tree *trees = sc_spec_trees(b->spec);
	char source[SC_PATH_MAX], name[32];
	for (uint32_t i = 0; i < b->spec->tree_count; i++) {
		snprintf(name, sizeof name, "tree/%u", i);
		if (bind(b, SC_STEP_mount_tree, i, staged(b, source, trees[i].source, name), trees[i].target,
			 trees[i].flags & SC_TREE_FILE) < 0)
			return -1;
	}
	return 0;
}

static int mount_devices(const struct building *b, const char *dev)
{
	static const char *const devices[] = {"null", "zero", "full", "random", "urandom", "tty"};
	char host[64], staging[SC_PATH_MAX], target[2 * SC_PATH_MAX + 16];
	for (unsigned i = 0; i < sizeof devices / sizeof *devices; i++) {
		snprintf(host, sizeof host, "/dev/%s", devices[i]);
		snprintf(target, sizeof target, "%s/%s", dev, devices[i]);
		if (sc_make_mount_point(target, true) < 0)
			return sc_fail(b->failure, SC_STEP_mount_dev, 100 + i);
		if (sc_mount_tree(b->failure, SC_STEP_mount_dev, i, staged(b, staging, host, host + 1), target, true) < 0)
			return -1;
	}
	return 0;
}

static int link_devices(const struct building *b, const char *dev)
{
	static const char *const links[][2] = {{"/proc/self/fd", "fd"},
					       {"/proc/self/fd/0", "stdin"},
					       {"/proc/self/fd/1", "stdout"},
					       {"/proc/self/fd/2", "stderr"},
					       {"pts/ptmx", "ptmx"}};
	char path[2 * SC_PATH_MAX + 16];
	for (unsigned i = 0; i < sizeof links / sizeof *links; i++) {
		snprintf(path, sizeof path, "%s/%s", dev, links[i][1]);
		if (symlink(links[i][0], path) < 0)
			return sc_fail(b->failure, SC_STEP_make_link, i);
	}
	return 0;
}

/* One /dev, read-only, that all slots share; each mounts its own pts and shm over the two empty directories. */
static int build_dev(const struct building *b)
{
	struct mount_attr attributes = {.attr_set = MOUNT_ATTR_RDONLY};
	char dev[2 * SC_PATH_MAX], path[2 * SC_PATH_MAX + 16];
	inside(b, dev, "/dev");
	if (sc_mount_tmpfs(b->failure, 1, dev, DEV_BYTES, DEV_INODES) < 0)
		return -1;
	for (unsigned i = 0; i < 2; i++) {
		snprintf(path, sizeof path, "%s/%s", dev, i == 0 ? "pts" : "shm");
		if (mkdir(path, 0755) < 0)
			return sc_fail(b->failure, SC_STEP_make_directory, 20 + i);
	}
	if (mount_devices(b, dev) < 0 || link_devices(b, dev) < 0)
		return -1;
	if (syscall(SYS_mount_setattr, AT_FDCWD, dev, 0, &attributes, sizeof attributes) < 0)
		return sc_fail(b->failure, SC_STEP_mount_attributes, 100);
	return 0;
}

static int make_run_dir(const struct building *b)
{
	char path[2 * SC_PATH_MAX];
	inside(b, path, SC_SLOT_DIR);
	return sc_make_mount_point(path, false) < 0 ? sc_fail(b->failure, SC_STEP_make_directory, 30) : 0;
}

/* For builds without some wall: the host's /proc, to be put over the slots' own. */
static int show_outside(const struct building *b)
{
	char target[2 * SC_PATH_MAX];
	inside(b, target, SC_OUTSIDE_DIR);
	if (sc_make_mount_point(target, false) < 0 || mount("/proc", target, NULL, MS_BIND | MS_REC, NULL) < 0)
		return sc_fail(b->failure, SC_STEP_mount_proc, 100);
	return 0;
}

/* And directories that all slots write to. */
static int make_shared(const struct building *b)
{
	static const char *const names[] = {"", "/tmp", "/var-tmp", "/shm"};
	char shared[2 * SC_PATH_MAX], path[2 * SC_PATH_MAX + 16];
	inside(b, shared, SC_SHARED_DIR);
	if (sc_make_mount_point(shared, false) < 0 || sc_mount_tmpfs(b->failure, 3, shared, SC_ROOMY_BYTES, SC_ROOMY_INODES) < 0)
		return sc_fail(b->failure, SC_STEP_mount_tmpfs, 3);
	for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
		snprintf(path, sizeof path, "%s%s", shared, names[i]);
		if ((i > 0 && mkdir(path, 0700) < 0) || chmod(path, 01777) < 0)
			return sc_fail(b->failure, SC_STEP_make_directory, 50 + i);
	}
	return 0;
}

int sc_build_keep_root(struct sc_failure *failure, const struct sc_keep_spec *spec)
{
	struct building b = {.failure = failure, .spec = spec};
	char lower[SC_PATH_MAX], guest[SC_PATH_MAX], target[2 * SC_PATH_MAX];
	const char *root = staged(&b, lower, spec->root, "root");

	snprintf(b.base, sizeof b.base, "%s", spec->kind == SC_KEEP_NSJAIL ? SC_STAGED_DIR "/keep" : spec->stage);
	if (spec->kind == SC_KEEP_NSJAIL && mkdir(b.base, 0755) < 0)
		return sc_fail(failure, SC_STEP_make_directory, 40);
	if (sc_mount_private(failure) < 0 || sc_mount_tmpfs(failure, 0, b.base, KEEP_DISK_BYTES, KEEP_DISK_INODES) < 0)
		return -1;
	if (make_layers(&b) < 0)
		return -1;
	inside(&b, target, "");
	if (sc_mount_overlay(failure, root, b.base, target) < 0)
		return -1;
	if (mount_trees(&b) < 0 || build_dev(&b) < 0 || make_run_dir(&b) < 0)
		return -1;
	if (bind(&b, SC_STEP_mount_guest, 0, staged(&b, guest, spec->guest, "guest"), SC_GUEST_DIR, false) < 0 ||
	    bind(&b, SC_STEP_mount_guest, 1, root, SC_LOWER_DIR, false) < 0)
		return -1;
	inside(&b, target, "/proc");
	if (sc_mount_proc(failure, target) < 0)
		return -1;
	if ((!SC_HAS(proc) && show_outside(&b) < 0) || (!SC_HAS(disk) && make_shared(&b) < 0) ||
	    (!SC_HAS(root) && bind(&b, SC_STEP_mount_tree, 3001, "/", SC_HOST_DIR, false) < 0))
		return -1;
	inside(&b, target, "");
	return sc_pivot(failure, target);
}
