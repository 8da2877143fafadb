/*
 * reap.c: the end of a child, with what it used. The I/O of a zombie cannot be read by its parent (its /proc entry
 * belongs to the host's root), but reaping adds it, and that of all the child had waited for, to the parent's own
 * counters: so those are read before and after.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "jail.h"

static uint64_t figure_after(const char *text, const char *name)
{
	const char *found = strstr(text, name);
	return found ? strtoull(found + strlen(name), NULL, 10) : 0;
}

static int own_io = -1;

int sc_open_io(void)
{
	own_io = open("/proc/self/io", O_RDONLY | O_CLOEXEC);
	return own_io < 0 ? -1 : 0;
}

void sc_close_io(void)
{
	if (own_io >= 0)
		close(own_io);
	own_io = -1;
}

int sc_read_io(uint64_t *read_bytes, uint64_t *write_bytes)
{
	char text[512];
	ssize_t length = pread(own_io, text, sizeof text - 1, 0);
	if (length < 0)
		return -1;
	text[length] = '\0';
	*read_bytes = figure_after(text, "char: "); /* rchar, the first; gVisor has lost the r */
	*write_bytes = figure_after(text, "wchar: ");
	/* This reading will be in the next one. */
	return (int)length;
}

static uint64_t micros(struct timeval time)
{
	return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_usec;
}

static int wait_status(const siginfo_t *ended)
{
	if (ended->si_code == CLD_EXITED)
		return W_EXITCODE(ended->si_status, 0);
	return ended->si_status | (ended->si_code == CLD_DUMPED ? WCOREFLAG : 0);
}

/* A child that has ended, left as it is: all but its bytes. The system call tells what it used, glibc's wrapper does not. */
int sc_find_end(struct sc_exited *exited)
{
	siginfo_t ended = {0};
	struct rusage usage;

	if (syscall(SYS_waitid, P_ALL, 0, &ended, WEXITED | WNOHANG | WNOWAIT, &usage) < 0 || ended.si_pid == 0)
		return 0;
	*exited = (struct sc_exited){
		.pid = ended.si_pid,
		.status = wait_status(&ended),
		.user_micros = micros(usage.ru_utime),
		.system_micros = micros(usage.ru_stime),
		.max_rss_bytes = (uint64_t)usage.ru_maxrss * 1024,
	};
	return 1;
}

/* The child that sc_find_end found. */
int sc_reap(struct sc_exited *exited)
{
	struct rusage usage;
	uint64_t before_read, before_write;

	int reading = sc_read_io(&before_read, &before_write);
	if (wait4(exited->pid, &exited->status, 0, &usage) < 0)
		return 0;
	if (reading > 0 && sc_read_io(&exited->read_bytes, &exited->write_bytes) > 0) {
		exited->read_bytes -= before_read + (uint64_t)reading;
		exited->write_bytes -= before_write;
	}
	exited->user_micros = micros(usage.ru_utime);
	exited->system_micros = micros(usage.ru_stime);
	exited->max_rss_bytes = (uint64_t)usage.ru_maxrss * 1024;
	return 1;
}

int sc_block_child_signal(void)
{
	sigset_t mask;
	sigemptyset(&mask);
	sigaddset(&mask, SIGCHLD);
	return sigprocmask(SIG_BLOCK, &mask, NULL);
}

int sc_child_signals(void)
{
	sigset_t mask;
	sigemptyset(&mask);
	sigaddset(&mask, SIGCHLD);
	if (sc_block_child_signal() < 0)
		return -1;
	return signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
}
