/* broker.c: the one process that forks for the worker. It starts keeps and lone slots' walls, and tells of their ends. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "jail.h"

enum { CHILDREN_MAX = 16384 };

static struct {
	pid_t pid;
	uint32_t id;
} children[CHILDREN_MAX];
static unsigned child_count;

static int connect_worker(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	if (strlen(path) >= sizeof address.sun_path) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(address.sun_path, path, strlen(path) + 1);
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) < 0)
		return -1;
	return fd;
}

static int announce(int socket, uint32_t id, pid_t pid)
{
	struct sc_child started = {.header = {.kind = SC_STARTED, .id = id}, .pid = pid};
	SC_CLEANUP_FD int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	return sc_send(socket, &started, sizeof started, &pidfd, pidfd < 0 ? 0 : 1);
}

static int start_keep(struct sc_failure *failure, const char *message, size_t length, const int *fds, unsigned count)
{
	struct sc_keep_start start;
	if (!sc_parse_keep_start(message, length, count, &start))
		return sc_fail_with(failure, SC_STEP_protocol, SC_KEEP_START, EPROTO);
	return sc_start_wall(failure, fds[0], fds[1], fds[2]);
}

static void start(int socket, uint32_t kind, uint32_t id, char *message, size_t length, const int *fds, unsigned count)
{
	struct sc_failure failure = {0};
	pid_t pid = -1;
	if (child_count == CHILDREN_MAX)
		sc_fail_with(&failure, SC_STEP_clone, CHILDREN_MAX, EAGAIN);
	else if (kind == SC_KEEP_START)
		pid = start_keep(&failure, message, length, fds, count);
	else
		pid = sc_execute_order(&failure, message, length, fds, count);
	if (pid < 0) {
		sc_send_failure(socket, id, &failure);
		return;
	}
	children[child_count].pid = pid;
	children[child_count++].id = id;
	announce(socket, id, pid);
}

static void fit(int socket, uint32_t id, const char *message, size_t length, const int *fds, unsigned count)
{
	struct sc_failure failure = {0};
	struct sc_resize resize;
	int result = sc_parse_fit(message, length, count, &resize) ? sc_fit_disk(&failure, fds[0], &resize)
								   : sc_fail_with(&failure, SC_STEP_protocol, SC_FIT, EPROTO);
	if (result < 0)
		sc_send_failure(socket, id, &failure);
	else
		sc_send_header(socket, SC_DONE, id);
}

static void tell_ends(int socket, int signals)
{
	char drained[sizeof(uint64_t) * 16 * 8];
	struct sc_exited exited;
	while (read(signals, drained, sizeof drained) > 0)
		;
	while (sc_find_end(&exited) && sc_reap(&exited)) {
		for (unsigned i = 0; i < child_count; i++) {
			if (children[i].pid != exited.pid)
				continue;
			exited.header = (struct sc_header){.kind = SC_ENDED, .id = children[i].id};
			children[i] = children[--child_count];
			sc_send(socket, &exited, sizeof exited, NULL, 0);
			break;
		}
	}
}

/* False when the worker has gone. */
static bool take_message(int socket)
{
	static _Alignas(8) char buffer[SC_MESSAGE_MAX];
	int fds[SC_FDS_MAX];
	unsigned count;
	ssize_t length = sc_receive(socket, buffer, sizeof buffer, fds, &count);
	if (length <= 0)
		return false;
	struct sc_header header = sc_parse_header(buffer, (size_t)length);
	if (header.kind == SC_KEEP_START || header.kind == SC_EXECUTE) {
		start(socket, header.kind, header.id, buffer, (size_t)length, fds, count);
	} else if (header.kind == SC_FIT) {
		fit(socket, header.id, buffer, (size_t)length, fds, count);
	} else {
		struct sc_failure failure = {.step = SC_STEP_protocol, .index = header.kind, .error = EPROTO};
		sc_send_failure(socket, header.id, &failure);
	}
	sc_close_all(fds, count);
	return true;
}

/*
 * What a user namespace's users may have of these together is what its maker might have had: the usual limits would be used up by some
 * dozen slots, and their neighbours would have none. Each program has limits of its own (program.c). Who may not raise them keeps them.
 */
static void lift_limits_of_all(void)
{
	static const int limits[] = {RLIMIT_MEMLOCK, RLIMIT_MSGQUEUE, RLIMIT_SIGPENDING};
	const struct rlimit none = {.rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY};
	for (unsigned i = 0; i < sizeof limits / sizeof *limits; i++)
		setrlimit((__rlimit_resource_t)limits[i], &none);
}

int sc_broker_main(const char *socket_path)
{
	sc_reset_signals(); /* .NET ignores SIGPIPE, and exec passes that on */
	lift_limits_of_all();
	int socket = connect_worker(socket_path);
	int signals = sc_child_signals();
	if (socket < 0 || signals < 0) {
		fprintf(stderr, "sandcastle-jail broker: %s: %s\n", socket_path, strerror(errno));
		return SC_EXIT_BROKEN;
	}
	struct pollfd waits[] = {{.fd = socket, .events = POLLIN}, {.fd = signals, .events = POLLIN}};
	for (;;) {
		if (poll(waits, 2, -1) < 0 && errno != EINTR)
			return SC_EXIT_BROKEN;
		if (waits[1].revents)
			tell_ends(socket, signals);
		if (waits[0].revents && !take_message(socket))
			return 0;
	}
}
