/* zygote.c: the part of a zygote that is not its language. One thread, the interpreter's lock held. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sched.h>
#include <unistd.h>

#include "jail.h"
#include "zygote.h"

enum { CHILDREN_MAX = 16384 };

static struct {
	pid_t pid;
	uint32_t slot;
} children[CHILDREN_MAX];
static unsigned child_count;
static int signals = -1;

/* The fork in hand. */
static struct {
	struct sc_fork order;
	int fds[SC_FDS_MAX];
	unsigned count;
} wish;

int sc_zygote_ready(void)
{
	struct sc_failure failure = {0};
	struct sc_child ready = {.header = {.kind = SC_ZYGOTE_READY}, .pid = getpid()};
	signals = sc_child_signals();
	if (signals < 0 || sc_open_io() < 0) {
		sc_fail(&failure, SC_STEP_signals, 0);
	} else if (sc_load_filter(&failure, SC_FD_FILTER) == 0) {
		return sc_send(SC_FD_CONTROL, &ready, sizeof ready, NULL, 0);
	}
	sc_send_failure(SC_FD_CONTROL, 0, &failure);
	return -1;
}

static void tell(struct sc_exited *exited, uint32_t kind, uint32_t slot)
{
	exited->header = (struct sc_header){.kind = kind, .id = slot};
	sc_send(SC_FD_CONTROL, exited, sizeof *exited, NULL, 0);
}

static void tell_ends(void)
{
	char drained[4096];
	struct sc_exited exited;
	while (read(signals, drained, sizeof drained) > 0)
		;
	while (sc_find_end(&exited)) {
		unsigned i = 0;
		while (i < child_count && children[i].pid != exited.pid)
			i++;
		/* Whoever kills us between the reaping and the word about it shall not take the program's end along. */
		if (i < child_count)
			tell(&exited, SC_EXITING, children[i].slot);
		if (sc_reap(&exited) && i < child_count) {
			tell(&exited, SC_EXITED, children[i].slot);
			children[i] = children[--child_count];
		}
	}
}

static void drop_wish(void)
{
	sc_close_all(wish.fds, wish.count);
	wish.count = 0;
}

static void refuse_wish(enum sc_step step, unsigned index, int error)
{
	struct sc_failure failure = {.step = step, .index = index, .error = error};
	sc_send_failure(SC_FD_CONTROL, wish.order.header.id, &failure);
	drop_wish();
}

/* 1: a wish was taken; 0: the worker has gone; -1: nothing to do. */
static int take_wish(void)
{
	char message[sizeof wish.order + 1];
	ssize_t length = sc_receive(SC_FD_CONTROL, message, sizeof message, wish.fds, &wish.count);
	if (length <= 0)
		return 0;
	wish.order = (struct sc_fork){.header = sc_parse_header(message, (size_t)length)};
	if (!sc_parse_fork(message, (size_t)length, wish.count, &wish.order))
		refuse_wish(SC_STEP_protocol, SC_FORK, EPROTO);
	else if (child_count == CHILDREN_MAX)
		refuse_wish(SC_STEP_fork, CHILDREN_MAX, EAGAIN);
	else if (setns(wish.fds[0], CLONE_NEWPID) < 0)
		refuse_wish(SC_STEP_setns, 1, errno);
	else
		return 1;
	return -1;
}

int sc_zygote_next(void)
{
	struct pollfd waits[] = {{.fd = SC_FD_CONTROL, .events = POLLIN}, {.fd = signals, .events = POLLIN}};
	for (;;) {
		if (poll(waits, 2, -1) < 0 && errno != EINTR)
			return 0;
		/* Ends first: they are on somebody's path to an answer, forks are not. */
		if (waits[1].revents)
			tell_ends();
		if (!waits[0].revents)
			continue;
		int taken = take_wish();
		if (taken >= 0)
			return taken;
	}
}

void sc_zygote_forked(int pid)
{
	if (pid < 0) {
		refuse_wish(SC_STEP_fork, 2, errno);
		return;
	}
	children[child_count].pid = pid;
	children[child_count++].slot = wish.order.header.id;
	struct sc_child forked = {.header = {.kind = SC_FORKED, .id = wish.order.header.id}, .pid = pid};
	sc_send(SC_FD_CONTROL, &forked, sizeof forked, NULL, 0);
	drop_wish();
}

void sc_zygote_enter(void)
{
	struct sc_failure failure = {0};
	sigset_t none;
	struct sc_entry entry = {
		.slot_pidfd = wish.fds[0],
		.job = wish.fds[1],
		.stdio = {wish.fds[2], wish.fds[3], wish.fds[4]},
		.cgroups = wish.fds + 5,
		.cgroup_count = wish.count - 5,
		.open_files = wish.order.open_files,
		.held = true,
	};
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (sc_enter_slot(&failure, &entry) == 0)
		return;
	sc_send_failure(sc_entry_job(&failure, &entry), wish.order.header.id, &failure);
	_exit(SC_EXIT_BROKEN);
}

void sc_program_ready(void)
{
	sc_tell_ready(SC_FD_JOB, wish.order.header.id);
}

void sc_program_limit(uint32_t open_files, uint32_t processes)
{
	if (sc_limit_job(open_files, processes) < 0)
		_exit(SC_EXIT_BROKEN);
}

void sc_program_execute(char *strings, size_t length, uint32_t argc, uint32_t envc)
{
	char **argv = sc_split_strings(strings, length, argc, envc);
	if (!argv || argc == 0)
		_exit(SC_EXIT_BROKEN);
	sc_end_holder(); /* what is executed has a memory of its own, and shall not pay for this one */
	sc_reset_signals(); /* CPython ignores SIGPIPE and SIGXFSZ, and exec passes that on */
	sc_execute(argv, argv + argc + 1);
}

void sc_program_finish(int code)
{
	fflush(NULL);
	_exit(code);
}
