/*
 * reap.c: the end of a child, with what it used. The child is looked at while it is a zombie, because its I/O counters
 * (its own and those of all it had waited for) can be read only until it is reaped.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "jail.h"

static uint64_t figure_after(const char *text, const char *name)
{
	const char *found = strstr(text, name);
	return found ? strtoull(found + strlen(name), NULL, 10) : 0;
}

int sc_read_io(pid_t pid, uint64_t *read_bytes, uint64_t *write_bytes)
{
	char path[40], text[512];
	snprintf(path, sizeof path, "/proc/%d/io", pid);
	SC_CLEANUP_FD int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	ssize_t length = read(fd, text, sizeof text - 1);
	if (length < 0)
		return -1;
	text[length] = '\0';
	*read_bytes = figure_after(text, "rchar: ");
	*write_bytes = figure_after(text, "wchar: ");
	return 0;
}

static uint64_t micros(struct timeval time)
{
	return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_usec;
}

int sc_reap(struct sc_exited *exited)
{
	siginfo_t ended = {0};
	struct rusage usage;

	if (waitid(P_ALL, 0, &ended, WEXITED | WNOHANG | WNOWAIT) < 0 || ended.si_pid == 0)
		return 0;
	*exited = (struct sc_exited){.pid = ended.si_pid};
	sc_read_io(ended.si_pid, &exited->read_bytes, &exited->write_bytes);
	if (wait4(ended.si_pid, &exited->status, 0, &usage) < 0)
		return 0;
	exited->user_micros = micros(usage.ru_utime);
	exited->system_micros = micros(usage.ru_stime);
	exited->max_rss_bytes = (uint64_t)usage.ru_maxrss * 1024;
	return 1;
}

int sc_child_signals(void)
{
	sigset_t mask;
	sigemptyset(&mask);
	sigaddset(&mask, SIGCHLD);
	if (sigprocmask(SIG_BLOCK, &mask, NULL) < 0)
		return -1;
	return signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
}
