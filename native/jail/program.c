/* program.c: the one door into a slot. What goes through it has no way back and nothing in its hands. */
#include <errno.h>
#include <fcntl.h>
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

static int set_limits(struct sc_failure *failure, uint32_t open_files)
{
	if (!SC_HAS(limits))
		return 0;
	const struct {
		int resource;
		rlim_t value;
	} limits[] = {
		{RLIMIT_NOFILE, open_files}, {RLIMIT_CORE, 0},	    {RLIMIT_MEMLOCK, 64 << 10},
		{RLIMIT_MSGQUEUE, 64 << 10}, {RLIMIT_SIGPENDING, 1024}, {RLIMIT_RTPRIO, 0}, {RLIMIT_NICE, 0},
	};
	for (unsigned i = 0; i < sizeof limits / sizeof *limits; i++) {
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

int sc_limit_open_files(uint32_t count)
{
	struct rlimit limit = {.rlim_cur = count, .rlim_max = count};
	return !SC_HAS(limits) ? 0 : setrlimit(RLIMIT_NOFILE, &limit);
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
	if (SC_HAS(descriptors) && syscall(SYS_close_range, SC_FD_JOB + 1, ~0U, 0) < 0)
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

int sc_enter_slot(struct sc_failure *failure, const struct sc_entry *entry)
{
	if (entry->slot_pidfd >= 0 && enter_namespaces(failure, entry) < 0)
		return -1;
	umask(022);
	if (chdir(SC_HOME) < 0)
		return sc_fail(failure, SC_STEP_chdir, 2);
	if (setsid() < 0)
		return sc_fail(failure, SC_STEP_setsid, 0);
	if (place_descriptors(failure, entry) < 0 || set_limits(failure, entry->open_files) < 0)
		return -1;
	if (sc_become(failure, SC_SLOT_UID, SC_SLOT_GID) < 0)
		return -1;
	if (SC_HAS(capabilities) && sc_keep_capabilities(failure, 0) < 0)
		return -1;
	/* A program may look into itself: without this its own /proc/self would belong to nobody. */
	if (prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) < 0)
		return sc_fail(failure, SC_STEP_dumpable, 1);
	return sc_install_filter(failure);
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
