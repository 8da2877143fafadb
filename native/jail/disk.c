/* disk.c: the size of a slot's disk, which is a tmpfs, empty until its program starts. */
#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "jail.h"

int sc_resize_disk(struct sc_failure *failure, int disk, const struct sc_resize *resize)
{
	char bytes[24], inodes[16];
	if (!SC_HAS(disk))
		return 0;
	snprintf(bytes, sizeof bytes, "%llu", (unsigned long long)resize->disk_bytes);
	snprintf(inodes, sizeof inodes, "%u", resize->disk_inodes);
	SC_CLEANUP_FD int context = (int)syscall(SYS_fspick, disk, "", FSPICK_EMPTY_PATH | FSPICK_CLOEXEC);
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

static int fit(struct sc_failure *failure, int init, const struct sc_resize *resize)
{
	if (setns(init, CLONE_NEWUSER | CLONE_NEWNS) < 0)
		return sc_fail(failure, SC_STEP_setns, 2);
	/* The slot's root is its disk there. */
	SC_CLEANUP_FD int disk = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return disk < 0 ? sc_fail(failure, SC_STEP_open_root, 2) : sc_resize_disk(failure, disk, resize);
}

int sc_fit_disk(struct sc_failure *failure, int init, const struct sc_resize *resize)
{
	int answer[2];
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, answer) < 0)
		return sc_fail(failure, SC_STEP_resize, 4);
	SC_CLEANUP_FD int ours = answer[0];
	pid_t pid = fork();
	if (pid == 0) {
		*failure = (struct sc_failure){0};
		fit(failure, init, resize);
		_exit(send(answer[1], failure, sizeof *failure, MSG_NOSIGNAL) < 0 ? SC_EXIT_BROKEN : 0);
	}
	close(answer[1]);
	struct timeval patience = {.tv_sec = 5};
	setsockopt(ours, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	if (pid < 0)
		return sc_fail(failure, SC_STEP_fork, 4);
	ssize_t length = recv(ours, failure, sizeof *failure, 0);
	if (length < 0)
		kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	if (length != sizeof *failure)
		return sc_fail_with(failure, SC_STEP_resize, 5, EPIPE);
	return failure->step == SC_STEP_none ? 0 : -1;
}

bool sc_disk_is_full(const char *path)
{
	struct statvfs space;
	/* gVisor counts no inodes: it has none of them, free or not. */
	return statvfs(path, &space) == 0 && (space.f_bavail == 0 || (space.f_files > 0 && space.f_favail == 0));
}
