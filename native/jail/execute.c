/* execute.c: another program as the wall around one slot, started by the broker in the slot's own cgroups. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "jail.h"

/* Above every number that a program finds its descriptors at. */
enum { ABOVE = 32 };

static int place_descriptors(struct sc_failure *failure, const int *fds, unsigned count)
{
	int moved[SC_FDS_MAX], null = open("/dev/null", O_RDONLY);
	if (null < 0)
		return sc_fail(failure, SC_STEP_descriptors, 100);
	for (unsigned i = 0; i < count; i++) {
		moved[i] = fcntl(fds[i], F_DUPFD, ABOVE);
		if (moved[i] < 0)
			return sc_fail(failure, SC_STEP_descriptors, i);
	}
	/* What it writes is for the worker's log. */
	if (dup2(null, 0) < 0 || dup2(2, 1) < 0)
		return sc_fail(failure, SC_STEP_descriptors, 101);
	for (unsigned i = 0; i < count; i++)
		if (dup2(moved[i], SC_FD_CONTROL + (int)i) < 0)
			return sc_fail(failure, SC_STEP_descriptors, i);
	if (syscall(SYS_close_range, SC_FD_CONTROL + count, ~0U, 0) < 0)
		return sc_fail(failure, SC_STEP_descriptors, 102);
	return 0;
}

static _Noreturn void execute(const struct sc_execute *order, char **argv, const int *fds, unsigned count)
{
	struct sc_failure failure = {0};
	/* The first is the slot's control socket: who listens there hears of a failure. */
	int control = fcntl(fds[0], F_DUPFD_CLOEXEC, 2 * ABOVE);
	sc_reset_signals();
	setsid(); /* what a terminal sends to the daemon is not for its slots */
	if (sc_join_cgroups(&failure, fds + order->passed, count - order->passed) == 0 &&
	    place_descriptors(&failure, fds, order->passed) == 0) {
		execve(argv[0], argv, argv + order->argc + 1);
		sc_fail(&failure, SC_STEP_exec, 2);
		control = SC_FD_CONTROL;
	}
	sc_send_failure(control, order->header.id, &failure);
	_exit(SC_EXIT_BROKEN);
}

pid_t sc_execute_order(struct sc_failure *failure, char *message, size_t length, const int *fds, unsigned count)
{
	struct sc_execute order;
	char **argv = sc_parse_execute(message, length, count, &order);
	if (!argv)
		return sc_fail_with(failure, SC_STEP_protocol, SC_EXECUTE, EPROTO);
	pid_t pid = fork();
	if (pid == 0)
		execute(&order, argv, fds, count);
	free(argv);
	return pid < 0 ? sc_fail(failure, SC_STEP_fork, 3) : pid;
}
