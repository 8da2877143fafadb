/* program.c: the one door into a slot. What goes through it has no way back and nothing in its hands. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "jail.h"

static int set_limits(struct sc_failure *failure, uint32_t open_files, enum sc_wall wall)
{
	if (!SC_HAS(limits))
		return 0;
	const struct {
		int resource;
		rlim_t value;
	} limits[] = {
		/* Where core_pattern is a pipe, 0 would still start the host's handler; 1 does not (core(5)), and is no room for a file. */
		{RLIMIT_NOFILE, open_files}, {RLIMIT_CORE, 1},	    {RLIMIT_MEMLOCK, 64 << 10},
		/* From here on gVisor refuses: it has nothing that they would limit. */
		{RLIMIT_MSGQUEUE, 64 << 10}, {RLIMIT_SIGPENDING, 1024}, {RLIMIT_RTPRIO, 0}, {RLIMIT_NICE, 0},
	};
	for (unsigned i = 0; i < (wall == SC_WALL_GVISOR ? 3 : sizeof limits / sizeof *limits); i++) {
		struct rlimit wanted = {.rlim_cur = limits[i].value, .rlim_max = limits[i].value};
		struct rlimit now;
		if (getrlimit((__rlimit_resource_t)limits[i].resource, &now) < 0)
			return sc_fail(failure, SC_STEP_rlimit, i);
		/* What is lower already stays: raising needs a capability over the host. */
		if (now.rlim_max < wanted.rlim_max)
			wanted.rlim_cur = wanted.rlim_max = now.rlim_max;
		if (setrlimit((__rlimit_resource_t)limits[i].resource, &wanted) < 0)
			return sc_fail(failure, SC_STEP_rlimit, i);
	}
	return 0;
}

static int limit(__rlimit_resource_t resource, uint32_t count)
{
	struct rlimit wanted = {.rlim_cur = count, .rlim_max = count};
	return setrlimit(resource, &wanted);
}

int sc_limit_job(uint32_t open_files, uint32_t processes)
{
	if (!SC_HAS(limits))
		return 0;
	if (processes > 0 && limit(RLIMIT_NPROC, processes) < 0)
		return -1;
	return limit(RLIMIT_NOFILE, open_files);
}

static int place_descriptors(struct sc_failure *failure, const struct sc_entry *entry)
{
	/* Above everything first, so that no target overwrites a source. */
	int job = fcntl(entry->job, F_DUPFD, 32), stdio[3];
	for (int i = 0; i < 3; i++)
		stdio[i] = fcntl(entry->stdio[i], F_DUPFD, 32);
	for (int i = 0; i < 3; i++)
		if (dup2(stdio[i], i) < 0)
			return sc_fail(failure, SC_STEP_descriptors, (unsigned)i);
	if (dup3(job, SC_FD_JOB, O_CLOEXEC) < 0)
		return sc_fail(failure, SC_STEP_descriptors, 3);
	if (SC_HAS(descriptors) && syscall(SYS_close_range, SC_FD_JOB + 1, INT_MAX, 0) < 0)
		return sc_fail(failure, SC_STEP_descriptors, 4);
	return 0;
}

static int enter_namespaces(struct sc_failure *failure, const struct sc_entry *entry)
{
	static const int all = CLONE_NEWNS | SC_FLAG(user, CLONE_NEWUSER) | SC_FLAG(net, CLONE_NEWNET) |
			       SC_FLAG(ipc, CLONE_NEWIPC) | SC_FLAG(uts, CLONE_NEWUTS) | SC_FLAG(cgroup, CLONE_NEWCGROUP);
	if (sc_join_cgroups(failure, entry->cgroups, entry->cgroup_count) < 0)
		return -1;
	if (setns(entry->slot_pidfd, all) < 0)
		return sc_fail(failure, SC_STEP_setns, 0);
	return 0;
}

/* From what the init is to what a program is: the slot's user, with no capability and no way to another. */
static int drop_privileges(struct sc_failure *failure, enum sc_wall wall)
{
	switch (wall) {
	case SC_WALL_OURS:
		if (sc_become(failure, SC_SLOT_UID, SC_SLOT_GID) < 0)
			return -1;
		return SC_HAS(capabilities) ? sc_keep_capabilities(failure, 0) : 0;
	case SC_WALL_NSJAIL:
		return sc_keep_capabilities(failure, 0); /* the ids are the init's own already */
	case SC_WALL_GVISOR:
		/* Its kernel has no securebits, which would let capabilities outlive uid 0. */
		if (sc_bound_capabilities(failure, 0) < 0 || sc_set_ids(failure, SC_SLOT_UID, SC_SLOT_GID) < 0)
			return -1;
		return sc_set_capabilities(failure, 0);
	}
	return sc_fail_with(failure, SC_STEP_capabilities, 102, EINVAL);
}

int sc_enter_slot(struct sc_failure *failure, const struct sc_entry *entry)
{
	if (entry->slot_pidfd >= 0 && enter_namespaces(failure, entry) < 0)
		return -1;
	umask(022);
	if (chdir(SC_HOME) < 0)
		return sc_fail(failure, SC_STEP_chdir, 2);
	if (setsid() < 0)
		return sc_fail(failure, SC_STEP_setsid, 0);
	if (place_descriptors(failure, entry) < 0 || set_limits(failure, entry->open_files, entry->wall) < 0)
		return -1;
	if (entry->processes > 0 && limit(RLIMIT_NPROC, entry->processes) < 0)
		return sc_fail(failure, SC_STEP_rlimit, 100);
	if (drop_privileges(failure, entry->wall) < 0)
		return -1;
	/* A program may look into itself: without this its own /proc/self would belong to nobody. */
	if (prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) < 0)
		return sc_fail(failure, SC_STEP_dumpable, 1);
	if (entry->held)
		sc_start_holder();
	return entry->wall == SC_WALL_NSJAIL ? 0 : sc_install_filter(failure);
}

int sc_entry_job(const struct sc_failure *failure, const struct sc_entry *entry)
{
	switch (failure->step) {
	case SC_STEP_cgroup_join:
	case SC_STEP_setns:
	case SC_STEP_chdir:
	case SC_STEP_setsid:
	case SC_STEP_descriptors:
		return entry->job;
	default:
		return SC_FD_JOB;
	}
}

void sc_tell_ready(int job, uint32_t id)
{
	struct sc_io ready = {.header = {.kind = SC_PROGRAM_READY, .id = id}};
	if (sc_open_io() == 0)
		sc_read_io(&ready.read_bytes, &ready.write_bytes);
	sc_close_io();
	sc_send(job, &ready, sizeof ready, NULL, 0);
}

void sc_reset_signals(void)
{
	sigset_t none;
	struct sigaction action = {.sa_handler = SIG_DFL};
	for (int number = 1; number < NSIG; number++)
		sigaction(number, &action, NULL); /* fails for KILL, STOP and libc's own two */
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

char **sc_split_strings(char *strings, size_t length, uint32_t argc, uint32_t envc)
{
	if (argc > SC_MESSAGE_MAX * 8U || envc > SC_MESSAGE_MAX * 8U || (length > 0 && strings[length - 1] != '\0'))
		return NULL;
	char **items = calloc((size_t)argc + envc + 2, sizeof *items);
	char *at = strings, *end = strings + length;
	if (!items)
		return NULL;
	for (size_t i = 0; i < (size_t)argc + envc; i++) {
		if (at >= end) {
			free(items);
			return NULL;
		}
		items[i < argc ? i : i + 1] = at;
		at += strlen(at) + 1;
	}
	if (at == end)
		return items;
	free(items);
	return NULL;
}

_Noreturn void sc_execute(char *const argv[], char *const envp[])
{
	environ = (char **)envp;
	execvp(argv[0], argv);
	int error = errno;
	dprintf(2, "sandcastle: cannot execute %s: %s\n", argv[0], strerror(error));
	_exit(error == ENOENT || error == ENOTDIR ? 127 : 126);
}
