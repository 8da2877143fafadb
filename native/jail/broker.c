/* broker.c: the one process that forks for the worker. It starts keeps and tells of their ends. */
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

enum { KEEPS_MAX = 256 };

static struct {
	pid_t pid;
	uint32_t id;
} keeps[KEEPS_MAX];
static unsigned keep_count;

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
	struct sc_child started = {.header = {.kind = SC_KEEP_STARTED, .id = id}, .pid = pid};
	SC_CLEANUP_FD int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	return sc_send(socket, &started, sizeof started, &pidfd, pidfd < 0 ? 0 : 1);
}

static void start_keep(int socket, const struct sc_keep_start *start, const int *fds)
{
	struct sc_failure failure = {0};
	pid_t pid = -1;
	if (keep_count == KEEPS_MAX)
		sc_fail_with(&failure, SC_STEP_clone, KEEPS_MAX, EAGAIN);
	else
		pid = sc_start_wall(&failure, fds[0], fds[1], fds[2]);
	if (pid < 0) {
		sc_send_failure(socket, start->header.id, &failure);
		return;
	}
	keeps[keep_count].pid = pid;
	keeps[keep_count++].id = start->header.id;
	announce(socket, start->header.id, pid);
}

static void tell_ends(int socket, int signals)
{
	char drained[sizeof(uint64_t) * 16 * 8];
	struct sc_exited exited;
	while (read(signals, drained, sizeof drained) > 0)
		;
	while (sc_reap(&exited)) {
		for (unsigned i = 0; i < keep_count; i++) {
			if (keeps[i].pid != exited.pid)
				continue;
			exited.header = (struct sc_header){.kind = SC_KEEP_ENDED, .id = keeps[i].id};
			keeps[i] = keeps[--keep_count];
			sc_send(socket, &exited, sizeof exited, NULL, 0);
			break;
		}
	}
}

/* False when the worker has gone. */
static bool take_message(int socket)
{
	static char buffer[SC_MESSAGE_MAX];
	int fds[SC_FDS_MAX];
	unsigned count;
	ssize_t length = sc_receive(socket, buffer, sizeof buffer, fds, &count);
	if (length <= 0)
		return false;
	struct sc_keep_start start;
	if (sc_parse_keep_start(buffer, (size_t)length, count, &start)) {
		start_keep(socket, &start, fds);
		sc_close_all(fds, count);
		return true;
	}
	sc_close_all(fds, count);
	struct sc_failure failure = {.step = SC_STEP_protocol, .error = EPROTO};
	sc_send_failure(socket, sc_parse_header(buffer, (size_t)length).id, &failure);
	return true;
}

int sc_broker_main(const char *socket_path)
{
	sc_reset_signals(); /* .NET ignores SIGPIPE, and exec passes that on */
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
