/*
 * slot.c: pid 1 of a slot. It reaps what is orphaned here, and does for the worker what must be done from inside, with
 * the slot's own ids and charged to the slot's own cgroup: spawn a process, place a file, open one, change the disk's
 * size, read its I/O counters. When its control socket closes it exits, and the kernel ends the slot.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "jail.h"

static struct {
	int control;
	int signals;
	int disk;      /* the tmpfs below the root, O_PATH; -1 where this process may not change it */
	enum sc_wall wall;
	pid_t program; /* the main program, where it was spawned here */
	uint32_t id;
} slot;

static void done(uint32_t id, int result, const struct sc_failure *failure)
{
	if (result < 0)
		sc_send_failure(slot.control, id, failure);
	else
		sc_send_header(slot.control, SC_DONE, id);
}

/* ---- spawn ---- */

static _Noreturn void spawned(const struct sc_spawn *spawn, char **argv, const int *fds)
{
	struct sc_failure failure = {0};
	struct sc_entry entry = {
		.slot_pidfd = -1,
		.job = fds[0],
		.stdio = {fds[1], fds[2], fds[3]},
		.open_files = spawn->open_files,
		.processes = spawn->processes,
		.wall = slot.wall,
	};
	sc_reset_signals();
	if (sc_enter_slot(&failure, &entry) < 0) {
		sc_send_failure(sc_entry_job(&failure, &entry), spawn->header.id, &failure);
		_exit(SC_EXIT_BROKEN);
	}
	if (spawn->argc == 0) {
		sc_tell_ready(SC_FD_JOB, spawn->header.id);
		sc_run_job(SC_FD_JOB);
	}
	/* An interpreter that boots now takes its job from this socket later, and says itself when it is ready. */
	fcntl(SC_FD_JOB, F_SETFD, 0);
	sc_execute(argv, argv + spawn->argc + 1);
}

static void spawn(const struct sc_spawn *order, char **argv, const int *fds)
{
	struct sc_failure failure = {0};
	pid_t pid = fork();
	if (pid == 0)
		spawned(order, argv, fds);
	free(argv);
	if (pid < 0) {
		sc_fail(&failure, SC_STEP_fork, 1);
		sc_send_failure(slot.control, order->header.id, &failure);
		return;
	}
	slot.program = pid;
	slot.id = order->header.id;
	struct sc_child started = {.header = {.kind = SC_SPAWNED, .id = order->header.id}, .pid = pid};
	sc_send(slot.control, &started, sizeof started, NULL, 0);
}

/* ---- files ---- */

/*
 * This process' root is the slot's. No link is followed, and nothing of another file system: what is read here is read for
 * somebody else, and files of /proc tell the init more than the program, and the worker more than both.
 */
static int open_beneath(const char *path, uint64_t flags, uint64_t mode)
{
	struct open_how how = {
		.flags = flags | O_CLOEXEC,
		.mode = mode,
		.resolve = RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV,
	};
	int file = (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how);
	return file < 0 && errno == ENOSYS && slot.wall == SC_WALL_GVISOR ? sc_open_by_names(path, (int)flags, (mode_t)mode) : file;
}

static int put(struct sc_failure *failure, const struct sc_path *where, int content)
{
	if (sc_make_parents(where->path) < 0)
		return sc_fail(failure, SC_STEP_put, 0);
	SC_CLEANUP_FD int file =
		open_beneath(where->path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK, where->mode & 0777);
	if (file < 0)
		return sc_fail(failure, SC_STEP_put, 1);
	if (sc_copy(content, file, UINT64_MAX) < 0)
		return sc_fail(failure, SC_STEP_put, 2);
	return 0;
}

static int read_beneath(struct sc_failure *failure, const struct sc_path *where)
{
	uint64_t flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | (where->flags & 1 ? O_DIRECTORY : 0);
	int file = open_beneath(where->path, flags, 0);
	return file < 0 ? sc_fail(failure, SC_STEP_open, 0) : file;
}

static int give(struct sc_failure *failure, const struct sc_path *where)
{
	SC_CLEANUP_FD int file = read_beneath(failure, where);
	if (file < 0)
		return -1;
	struct sc_header opened = {.kind = SC_OPENED, .id = where->header.id};
	return sc_send(slot.control, &opened, sizeof opened, &file, 1) < 0 ? sc_fail(failure, SC_STEP_send, 1) : 0;
}

/* gVisor's root is not the slot's user: what it places shall be the user's, and it opens no more than the user may. */
static int as_user(struct sc_failure *failure,
		   int (*action)(struct sc_failure *, const struct sc_path *, int), const struct sc_path *where, int fd)
{
	if (slot.wall != SC_WALL_GVISOR)
		return action(failure, where, fd);
	if (setegid(SC_SLOT_GID) < 0 || seteuid(SC_SLOT_UID) < 0)
		return sc_fail(failure, SC_STEP_setuid, SC_SLOT_UID);
	int result = action(failure, where, fd);
	if (seteuid(0) < 0 || setegid(0) < 0)
		_exit(SC_EXIT_BROKEN);
	return result;
}

/* For a kernel that lends no descriptor to the outside: the content goes into one of theirs. */
static int lend(struct sc_failure *failure, const struct sc_path *where, int to)
{
	SC_CLEANUP_FD int file = read_beneath(failure, where);
	if (file < 0)
		return -1;
	int result = where->flags & 1 ? sc_copy_entries(file, to, where->mode) : sc_copy_regular(file, to, where->mode);
	return result < 0 ? sc_fail(failure, SC_STEP_open, 1) : 0;
}

static int resize(struct sc_failure *failure, const struct sc_resize *wanted)
{
	switch (slot.wall) {
	case SC_WALL_OURS:
		return sc_resize_disk(failure, slot.disk, wanted);
	case SC_WALL_GVISOR:
		return sc_mount_disk(failure, wanted->disk_bytes) < 0 || chdir(SC_HOME) < 0 ? -1 : 0;
	case SC_WALL_NSJAIL:
		break; /* the broker's to do: this process has no capability */
	}
	return sc_fail_with(failure, SC_STEP_resize, 6, EPERM);
}

/* ---- the loop ---- */

static void tell_io(uint32_t id)
{
	struct sc_io io = {.header = {.kind = SC_IO_READ, .id = id}};
	sc_read_io(&io.read_bytes, &io.write_bytes);
	sc_send(slot.control, &io, sizeof io, NULL, 0);
}

/*
 * Programs may send SIGCHLD here, and make orphans, as fast as they can: whoever waits for an end of either would wait for
 * theirs, and the worker for the answer to its wish. True when there may be more.
 */
static bool reap(void)
{
	enum { AT_ONCE = 64 };
	char drained[1024];
	struct sc_exited exited;
	ssize_t unused = read(slot.signals, drained, sizeof drained);
	(void)unused;
	for (int i = 0; i < AT_ONCE; i++) {
		if (!sc_find_end(&exited) || !sc_reap(&exited))
			return false;
		if (exited.pid != slot.program)
			continue;
		slot.program = 0;
		exited.header = (struct sc_header){.kind = SC_EXITED, .id = slot.id};
		/* nsjail: by what the program cannot put another thing in the place of. */
		exited.disk_full = sc_disk_is_full(slot.wall == SC_WALL_NSJAIL ? "/" : SC_HOME);
		sc_send(slot.control, &exited, sizeof exited, NULL, 0);
	}
	return true;
}

static void dispatch(char *message, size_t length, const int *fds, unsigned count)
{
	struct sc_failure failure = {0};
	static struct sc_slot_order order;
	if (!sc_parse_slot_order(message, length, count, &order)) {
		sc_fail_with(&failure, SC_STEP_protocol, order.header.kind, EPROTO);
		sc_send_failure(slot.control, order.header.id, &failure);
		return;
	}
	switch (order.header.kind) {
	case SC_SPAWN:
		spawn(&order.spawn, order.argv, fds);
		break;
	case SC_PUT:
		done(order.header.id, as_user(&failure, put, &order.path, fds[0]), &failure);
		break;
	case SC_COPY:
		done(order.header.id, as_user(&failure, lend, &order.path, fds[0]), &failure);
		break;
	case SC_OPEN:
		if (give(&failure, &order.path) < 0)
			sc_send_failure(slot.control, order.header.id, &failure);
		break;
	case SC_RESIZE:
		done(order.header.id, resize(&failure, &order.resize), &failure);
		break;
	case SC_KILL:
		kill(-1, SIGKILL); /* from pid 1: every process of the namespace but itself */
		break;
	case SC_IO:
		tell_io(order.header.id);
		break;
	}
}

_Noreturn void sc_slot_main(int control, int disk, enum sc_wall wall)
{
	static _Alignas(8) char buffer[SC_MESSAGE_MAX];
	int fds[SC_FDS_MAX];
	unsigned count;
	bool more = false;

	slot.control = control;
	slot.disk = disk;
	slot.wall = wall;
	slot.signals = sc_child_signals();
	if (slot.signals < 0)
		_exit(SC_EXIT_BROKEN);
	struct pollfd waits[] = {{.fd = control, .events = POLLIN}, {.fd = slot.signals, .events = POLLIN}};
	for (;;) {
		if (poll(waits, 2, more ? 0 : -1) < 0 && errno != EINTR)
			_exit(SC_EXIT_BROKEN);
		if (more || waits[1].revents)
			more = reap();
		if (!waits[0].revents)
			continue;
		ssize_t length = sc_receive(control, buffer, sizeof buffer, fds, &count);
		if (length <= 0)
			_exit(0);
		dispatch(buffer, (size_t)length, fds, count);
		sc_close_all(fds, count);
	}
}
