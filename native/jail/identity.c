/* identity.c: who a process is in its user namespace, and what it may. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "jail.h"

int sc_map_ids(struct sc_failure *failure, pid_t pid, const char *uid_map, const char *gid_map)
{
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/gid_map", pid);
	if (sc_write_file(AT_FDCWD, path, gid_map) < 0)
		return sc_fail(failure, SC_STEP_gid_map, 0);
	snprintf(path, sizeof path, "/proc/%d/uid_map", pid);
	if (sc_write_file(AT_FDCWD, path, uid_map) < 0)
		return sc_fail(failure, SC_STEP_uid_map, 0);
	return 0;
}

/* The raw system calls: libc's wrappers would signal every thread, and glibc's copy in a clone does not know it is one. */
int sc_set_ids(struct sc_failure *failure, uid_t uid, gid_t gid)
{
	if (syscall(SYS_setgroups, 0, NULL) < 0 && errno != EPERM)
		return sc_fail(failure, SC_STEP_setgroups, 0);
	if (syscall(SYS_setresgid, gid, gid, gid) < 0)
		return sc_fail(failure, SC_STEP_setgid, gid);
	if (syscall(SYS_setresuid, uid, uid, uid) < 0)
		return sc_fail(failure, SC_STEP_setuid, uid);
	return 0;
}

int sc_become(struct sc_failure *failure, uid_t uid, gid_t gid)
{
	/* The ids change inside one user namespace; its capabilities must outlive that until we drop them ourselves. */
	if (prctl(PR_SET_SECUREBITS, SECBIT_KEEP_CAPS | SECBIT_NO_SETUID_FIXUP, 0, 0, 0) < 0)
		return sc_fail(failure, SC_STEP_capabilities, 0);
	return sc_set_ids(failure, uid, gid);
}

int sc_bound_capabilities(struct sc_failure *failure, uint64_t mask)
{
	/* The bounding set ends at the kernel's last capability, where PR_CAPBSET_DROP says EINVAL. */
	for (unsigned cap = 0; cap < 64; cap++) {
		if (mask & SC_CAP(cap))
			continue;
		if (prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) < 0) {
			if (errno == EINVAL && cap > CAP_AUDIT_READ)
				break;
			return sc_fail(failure, SC_STEP_capabilities, cap + 1);
		}
	}
	/* gVisor has no ambient set, and says EINVAL. */
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0 && errno != EINVAL)
		return sc_fail(failure, SC_STEP_capabilities, 100);
	return 0;
}

int sc_keep_capabilities(struct sc_failure *failure, uint64_t mask)
{
	if (sc_bound_capabilities(failure, mask) < 0)
		return -1;
	return sc_set_capabilities(failure, mask);
}

int sc_set_capabilities(struct sc_failure *failure, uint64_t mask)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {
		{.effective = (uint32_t)mask, .permitted = (uint32_t)mask},
		{.effective = (uint32_t)(mask >> 32), .permitted = (uint32_t)(mask >> 32)},
	};
	if (syscall(SYS_capset, &header, data) < 0)
		return sc_fail(failure, SC_STEP_capabilities, 101);
	return 0;
}
