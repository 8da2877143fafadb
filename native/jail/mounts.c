/* mounts.c: the few kinds of mount that keeps and slots are made of. */
#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "jail.h"

int sc_mount_private(struct sc_failure *failure)
{
	return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ? sc_fail(failure, SC_STEP_mount_private, 0) : 0;
}

int sc_mount_tmpfs(struct sc_failure *failure, unsigned index, const char *target, uint64_t bytes, uint32_t inodes)
{
	char options[96];
	snprintf(options, sizeof options, "mode=0755,size=%llu,nr_inodes=%u", (unsigned long long)bytes, inodes);
	if (mount("tmpfs", target, "tmpfs", MS_NOSUID | MS_NODEV, options) < 0)
		return sc_fail(failure, SC_STEP_mount_tmpfs, index);
	return 0;
}

int sc_mount_overlay(struct sc_failure *failure, const char *lower, const char *layers, const char *target)
{
	char options[3 * SC_PATH_MAX];
	int length = snprintf(options, sizeof options, "lowerdir=%s,upperdir=%s/upper,workdir=%s/work,userxattr", lower,
			      layers, layers);
	if (length < 0 || (size_t)length >= sizeof options)
		return sc_fail_with(failure, SC_STEP_mount_overlay, 1, ENAMETOOLONG);
	if (mount("overlay", target, "overlay", MS_NOSUID | MS_NODEV, options) < 0)
		return sc_fail(failure, SC_STEP_mount_overlay, 0);
	return 0;
}

int sc_mount_tree(struct sc_failure *failure, enum sc_step step, unsigned index, const char *source, const char *target,
		  bool device)
{
	struct mount_attr attributes = {.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID};
	if (!device)
		attributes.attr_set |= MOUNT_ATTR_NODEV;
	else
		attributes.attr_set = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC; /* a read-only /dev/null cannot be written */
	if (mount(source, target, NULL, MS_BIND | MS_REC, NULL) < 0)
		return sc_fail(failure, step, index);
	if (syscall(SYS_mount_setattr, AT_FDCWD, target, AT_RECURSIVE, &attributes, sizeof attributes) < 0)
		return sc_fail(failure, SC_STEP_mount_attributes, index);
	return 0;
}

int sc_mount_proc(struct sc_failure *failure, const char *target)
{
	if (mount("proc", target, "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0)
		return sc_fail(failure, SC_STEP_mount_proc, 0);
	return 0;
}

/* With both arguments the same directory the old root ends up on top of the new one, and detaching it uncovers that. */
int sc_pivot(struct sc_failure *failure, const char *root)
{
	if (chdir(root) < 0 || syscall(SYS_pivot_root, ".", ".") < 0)
		return sc_fail(failure, SC_STEP_pivot_root, 0);
	if (umount2(".", MNT_DETACH) < 0)
		return sc_fail(failure, SC_STEP_detach_root, 0);
	if (chdir("/") < 0)
		return sc_fail(failure, SC_STEP_chdir, 0);
	return 0;
}
