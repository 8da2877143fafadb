/*
 * slot.c: pid 1 of a slot. It reaps what is orphaned here, and does for the worker what must be done from inside, with
 * the slot's own ids and charged to the slot's own cgroup: spawn a process, place a file, open one, change the disk's
 * size, read its I/O counters. When its control socket closes it exits, and the kernel ends the slot.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/mount.h>
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
	int disk;      /* the tmpfs below the root, O_PATH */
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
	};
	int job = fds[0];
	sc_reset_signals();
	if (sc_enter_slot(&failure, &entry) < 0) {
		sc_send_failure(job, spawn->header.id, &failure);
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

static void spawn(char *message, size_t length, const int *fds, unsigned count)
{
	struct sc_failure failure = {0};
	struct sc_spawn order;
	if (length < sizeof order || count != 4)
		goto malformed;
	memcpy(&order, message, sizeof order);
	if (order.length != length - sizeof order)
		goto malformed;
	char **argv = sc_split_strings(message + sizeof order, order.length, order.argc, order.envc);
	if (!argv)
		goto malformed;

	pid_t pid = fork();
	if (pid == 0)
		spawned(&order, argv, fds);
	free(argv);
	if (pid < 0) {
		sc_fail(&failure, SC_STEP_fork, 1);
		sc_send_failure(slot.control, order.header.id, &failure);
		return;
	}
	slot.program = pid;
	slot.id = order.header.id;
	struct sc_child started = {.header = {.kind = SC_SPAWNED, .id = order.header.id}, .pid = pid};
	sc_send(slot.control, &started, sizeof started, NULL, 0);
	return;
malformed:
	sc_fail_with(&failure, SC_STEP_protocol, SC_SPAWN, EPROTO);
	sc_send_failure(slot.control, 0, &failure);
}

/* ---- files ---- */

static int open_beneath(const char *path, uint64_t flags, uint64_t mode)
{
	/* This process' root is the slot's; magic links (its own /proc/self/fd) are the one way to elsewhere. */
	struct open_how how = {.flags = flags | O_CLOEXEC, .mode = mode, .resolve = RESOLVE_NO_MAGICLINKS};
	return (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how);
}

static int copy(int from, int to)
{
	char buffer[16384];
	ssize_t length;
	lseek(from, 0, SEEK_SET);
	while ((length = read(from, buffer, sizeof buffer)) > 0) {
		for (ssize_t written = 0; written < length;) {
			ssize_t part = write(to, buffer + written, (size_t)(length - written));
			if (part < 0)
				return -1;
			written += part;
		}
	}
	return length < 0 ? -1 : 0;
}

static int put(struct sc_failure *failure, const struct sc_path *where, const int *fds, unsigned count)
{
	if (count != 1)
		return sc_fail_with(failure, SC_STEP_protocol, SC_PUT, EPROTO);
	if (sc_make_parents(where->path) < 0)
		return sc_fail(failure, SC_STEP_put, 0);
	SC_CLEANUP_FD int file =
		open_beneath(where->path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK, where->mode & 0777);
	if (file < 0)
		return sc_fail(failure, SC_STEP_put, 1);
	if (copy(fds[0], file) < 0)
		return sc_fail(failure, SC_STEP_put, 2);
	return 0;
}

static int give(struct sc_failure *failure, const struct sc_path *where)
{
	uint64_t flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | (where->flags & 1 ? O_DIRECTORY : 0);
	SC_CLEANUP_FD int file = open_beneath(where->path, flags, 0);
	if (file < 0)
		return sc_fail(failure, SC_STEP_open, 0);
	struct sc_header opened = {.kind = SC_OPENED, .id = where->header.id};
	return sc_send(slot.control, &opened, sizeof opened, &file, 1) < 0 ? sc_fail(failure, SC_STEP_send, 1) : 0;
}

static int reconfigure(struct sc_failure *failure, const struct sc_resize *resize)
{
	char bytes[24], inodes[16];
	if (!SC_HAS(disk))
		return 0;
	snprintf(bytes, sizeof bytes, "%llu", (unsigned long long)resize->disk_bytes);
	snprintf(inodes, sizeof inodes, "%u", resize->disk_inodes);
	SC_CLEANUP_FD int context = (int)syscall(SYS_fspick, slot.disk, "", FSPICK_EMPTY_PATH | FSPICK_CLOEXEC);
	if (context < 0)
		return sc_fail(failure, SC_STEP_resize, 0);
	if (syscall(SYS_fsconfig, context, FSCONFIG_SET_STRING, "size", bytes, 0) < 0)
		return sc_fail(failure, SC_STEP_resize, 1);
	if (syscall(SYS_fsconfig, context, FSCONFIG_SET_STRING, "nr_inodes", inodes, 0) < 0)
		return sc_fail(failure, SC_STEP_resize, 2);
	if (syscall(SYS_fsconfig, context, FSCONFIG_CMD_RECONFIGURE, NULL, NULL, 0) < 0)
		return sc_fail(failure, SC_STEP_resize, 3);
	return 0;
}

/* ---- the loop ---- */

static void tell_io(uint32_t id)
{
	struct sc_io io = {.header = {.kind = SC_IO_READ, .id = id}};
	sc_read_io(&io.read_bytes, &io.write_bytes);
	sc_send(slot.control, &io, sizeof io, NULL, 0);
}

static void reap(void)
{
	char drained[1024];
	struct sc_exited exited;
	while (read(slot.signals, drained, sizeof drained) > 0)
		;
	while (sc_reap(&exited)) {
		if (exited.pid != slot.program)
			continue;
		slot.program = 0;
		exited.header = (struct sc_header){.kind = SC_EXITED, .id = slot.id};
		sc_send(slot.control, &exited, sizeof exited, NULL, 0);
	}
}

static void dispatch(char *message, size_t length, const int *fds, unsigned count)
{
	struct sc_failure failure = {0};
	struct sc_header header = {0};
	union {
		struct sc_path path;
		struct sc_resize resize;
	} body;
	memcpy(&header, message, length < sizeof header ? length : sizeof header);
	memset(&body, 0, sizeof body);
	memcpy(&body, message, length < sizeof body ? length : sizeof body);
	bool path = length == sizeof body.path && memchr(body.path.path, '\0', sizeof body.path.path);

	if (header.kind == SC_SPAWN) {
		spawn(message, length, fds, count);
	} else if (header.kind == SC_PUT && path) {
		done(header.id, put(&failure, &body.path, fds, count), &failure);
	} else if (header.kind == SC_OPEN && path) {
		if (give(&failure, &body.path) < 0)
			sc_send_failure(slot.control, header.id, &failure);
	} else if (header.kind == SC_RESIZE && length == sizeof body.resize) {
		done(header.id, reconfigure(&failure, &body.resize), &failure);
	} else if (header.kind == SC_KILL) {
		kill(-1, SIGKILL); /* from pid 1: every process of the namespace but itself */
	} else if (header.kind == SC_IO) {
		tell_io(header.id);
	} else {
		sc_fail_with(&failure, SC_STEP_protocol, header.kind, EPROTO);
		sc_send_failure(slot.control, header.id, &failure);
	}
}

_Noreturn void sc_slot_main(int control, int disk)
{
	static _Alignas(8) char buffer[SC_MESSAGE_MAX];
	int fds[SC_FDS_MAX];
	unsigned count;

	slot.control = control;
	slot.disk = disk;
	slot.signals = sc_child_signals();
	if (slot.signals < 0)
		_exit(SC_EXIT_BROKEN);
	struct pollfd waits[] = {{.fd = control, .events = POLLIN}, {.fd = slot.signals, .events = POLLIN}};
	for (;;) {
		if (poll(waits, 2, -1) < 0 && errno != EINTR)
			_exit(SC_EXIT_BROKEN);
		if (waits[1].revents)
			reap();
		if (!waits[0].revents)
			continue;
		ssize_t length = sc_receive(control, buffer, sizeof buffer, fds, &count);
		if (length <= 0)
			_exit(0);
		dispatch(buffer, (size_t)length, fds, count);
		sc_close_all(fds, count);
	}
}
