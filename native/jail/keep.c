/*
 * keep.c: pid 1 of the outer wall. Starts zygotes and skeletons, reaps everything that ends here (the programs of a
 * zygote that died among them), and tells the worker. When its control socket closes it exits, and the keep with it.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "jail.h"

static const struct sc_keep_spec *spec;

static void refuse(int socket, uint32_t id, enum sc_step step, unsigned index, int error)
{
	struct sc_failure failure = {.step = step, .index = index, .error = error};
	sc_send_failure(socket, id, &failure);
}

static void start_slot(const char *message, size_t length, const int *fds, unsigned count)
{
	struct sc_failure failure = {0};
	struct sc_slot_start start;
	if (!sc_parse_slot_start(message, length, count, &start)) {
		refuse(SC_FD_CONTROL, 0, SC_STEP_protocol, SC_SLOT_START, EPROTO);
		return;
	}
	if (!sc_slot_start_fits(&start, spec->id_count)) {
		refuse(fds[0], start.header.id, SC_STEP_spec, 1, EINVAL);
		return;
	}
	if (sc_start_skeleton(&failure, &start, spec, fds, count) < 0)
		sc_send_failure(fds[0], start.header.id, &failure);
}

/* A zygote may enter its slots and read its children's counters, and nothing else. */
static _Noreturn void zygote_child(char **argv, char **envp, const int *fds, unsigned count)
{
	struct sc_failure failure = {0};
	int control = fcntl(fds[0], F_DUPFD, 20);
	int log = fcntl(fds[1], F_DUPFD, 20);
	int filter = fcntl(SC_FD_FILTER, F_DUPFD, 20);
	int input[2];

	sc_reset_signals();
	if (sc_join_cgroups(&failure, fds + 2, count - 2) < 0)
		goto broken;
	/* Without a user namespace of the slot's, what its programs drop on their way in must be had first. */
	if (SC_HAS(user) && sc_keep_capabilities(&failure, SC_CAP(CAP_SYS_ADMIN) | SC_CAP(CAP_SYS_PTRACE)) < 0)
		goto broken;
	/* Pipes, not /dev/null: an interpreter asks once whether its stdio can seek, and programs inherit the answer. */
	if (setsid() < 0 || pipe2(input, O_CLOEXEC) < 0 || dup2(input[0], 0) < 0 || dup2(log, 1) < 0 ||
	    dup2(log, 2) < 0 || dup2(control, SC_FD_CONTROL) < 0 || dup2(filter, SC_FD_FILTER) < 0) {
		sc_fail(&failure, SC_STEP_descriptors, 0);
		goto broken;
	}
	close_range(SC_FD_FILTER + 1, ~0U, 0);
	control = SC_FD_CONTROL;
	/* Here and not later: a thread that a preloaded module starts would not have it blocked, and take the signal away. */
	if (sc_block_child_signal() < 0) {
		sc_fail(&failure, SC_STEP_signals, 1);
		goto broken;
	}
	execve(argv[0], argv, envp);
	sc_fail(&failure, SC_STEP_exec, 0);
broken:
	sc_send_failure(control, 0, &failure);
	_exit(SC_EXIT_BROKEN);
}

static void start_zygote(char *message, size_t length, const int *fds, unsigned count)
{
	struct sc_zygote_start start;
	char **argv = sc_parse_zygote_start(message, length, count, &start);
	if (!argv) {
		refuse(SC_FD_CONTROL, 0, SC_STEP_protocol, SC_ZYGOTE_START, EPROTO);
		return;
	}

	pid_t pid = fork();
	if (pid == 0)
		zygote_child(argv, argv + start.argc + 1, fds, count);
	free(argv);
	if (pid < 0) {
		refuse(SC_FD_CONTROL, start.header.id, SC_STEP_fork, 0, errno);
		return;
	}
	struct sc_child started = {.header = {.kind = SC_ZYGOTE_STARTED, .id = start.header.id}, .pid = pid};
	sc_send(SC_FD_CONTROL, &started, sizeof started, NULL, 0);
}

static void tell_ends(int signals)
{
	char drained[4096];
	struct sc_exited exited;
	while (read(signals, drained, sizeof drained) > 0)
		;
	while (sc_find_end(&exited) && sc_reap(&exited)) {
		exited.header = (struct sc_header){.kind = SC_CHILD_EXITED};
		sc_send(SC_FD_CONTROL, &exited, sizeof exited, NULL, 0);
	}
}

/* Also one that is dying, or dead and not reaped: its end will be told. */
static void tell_whether_there(const char *message, size_t length)
{
	siginfo_t ended;
	struct sc_child child;
	if (!sc_parse_find(message, length, &child)) {
		refuse(SC_FD_CONTROL, 0, SC_STEP_protocol, SC_FIND, EPROTO);
		return;
	}
	child.header.kind = SC_FOUND;
	if (waitid(P_PID, (id_t)child.pid, &ended, WEXITED | WNOHANG | WNOWAIT) < 0)
		child.pid = 0;
	sc_send(SC_FD_CONTROL, &child, sizeof child, NULL, 0);
}

/* False when the worker has gone. */
static bool take_message(int signals)
{
	static _Alignas(8) char buffer[SC_MESSAGE_MAX];
	int fds[SC_FDS_MAX];
	unsigned count;
	ssize_t length = sc_receive(SC_FD_CONTROL, buffer, sizeof buffer, fds, &count);
	if (length <= 0)
		return false;
	struct sc_header header = sc_parse_header(buffer, (size_t)length);
	switch (header.kind) {
	case SC_SLOT_START:
		start_slot(buffer, (size_t)length, fds, count);
		break;
	case SC_ZYGOTE_START:
		start_zygote(buffer, (size_t)length, fds, count);
		break;
	case SC_FIND:
		tell_ends(signals);
		tell_whether_there(buffer, (size_t)length);
		break;
	default:
		refuse(SC_FD_CONTROL, header.id, SC_STEP_protocol, header.kind, EPROTO);
	}
	sc_close_all(fds, count);
	return true;
}

static int prepare(struct sc_failure *failure)
{
	/* Descriptors 3, 4 and 5 came through an exec; from here on nothing else shall. */
	for (int fd = SC_FD_CONTROL; fd <= SC_FD_SPEC; fd++)
		if (fcntl(fd, F_SETFD, FD_CLOEXEC) < 0)
			return sc_fail(failure, SC_STEP_descriptors, (unsigned)fd);
	spec = sc_map_spec(failure, SC_FD_SPEC);
	if (!spec || sc_load_filter(failure, SC_FD_FILTER) < 0)
		return -1;
	if (sc_become(failure, 0, 0) < 0 || sc_build_keep_root(failure, spec) < 0)
		return -1;
	if (sc_open_io() < 0)
		return sc_fail(failure, SC_STEP_io, 0);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return sc_fail(failure, SC_STEP_no_new_privs, 0);
	return 0;
}

int sc_keep_main(void)
{
	struct sc_failure failure = {0};
	int signals = sc_child_signals();
	if (signals < 0 || prepare(&failure) < 0) {
		sc_send_failure(SC_FD_CONTROL, 0, &failure);
		return SC_EXIT_BROKEN;
	}
	sc_send_header(SC_FD_CONTROL, SC_KEEP_READY, 0);
	struct pollfd waits[] = {{.fd = SC_FD_CONTROL, .events = POLLIN}, {.fd = signals, .events = POLLIN}};
	for (;;) {
		if (poll(waits, 2, -1) < 0 && errno != EINTR)
			return SC_EXIT_BROKEN;
		if (waits[1].revents)
			tell_ends(signals);
		if (waits[0].revents && !take_message(signals))
			return 0;
	}
}
