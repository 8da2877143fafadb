/*
 * without: runs a program on a machine that lacks a feature. Built and driven by tests/EndToEnd/Starts.
 *
 *   without FEATURE PROGRAM ARGUMENT…
 *
 *   userns            clone3 is unknown, clone and unshare refuse a user namespace: as under a container runtime's profile
 *   seccomp           the call is unknown: as in a kernel without filters
 *   seccomp-install   no filter can be installed, whatever the kernel says it could: as under somebody's policy
 *   overlay           mounting one is refused: as before Linux 5.11, or by a security module
 *   overlay-module    the file system is unknown: as where the module was never loaded
 *   proc              mounting one is refused: as in a container whose own /proc is masked
 *
 * A filter cannot read strings. For what hangs on a mount's type the kernel asks us at each call (seccomp_unotify(2)), and
 * we look into the caller's memory. Who answers is under its own filter, and never mounts.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BROKEN = 99 };

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "without: %s: %s\n", what, strerror(errno));
	exit(BROKEN);
}

static void refuse(scmp_filter_ctx filter, int call, int error, unsigned argument, scmp_datum_t bits)
{
	int result = bits == 0 ? seccomp_rule_add(filter, SCMP_ACT_ERRNO((unsigned)error), call, 0)
			       : seccomp_rule_add(filter, SCMP_ACT_ERRNO((unsigned)error), call, 1,
						  SCMP_CMP(argument, SCMP_CMP_MASKED_EQ, bits, bits));
	if (result < 0) {
		errno = -result;
		die("seccomp_rule_add");
	}
}

static void load(scmp_filter_ctx filter)
{
	/* Without no_new_privs: helpers that are setuid root work as they do elsewhere. */
	int result = seccomp_attr_set(filter, SCMP_FLTATR_CTL_NNP, 0);
	if (result == 0)
		result = seccomp_load(filter);
	if (result < 0) {
		errno = -result;
		die("seccomp_load");
	}
}

/* Does the caller mount a file system of this type? */
static int mounts(const struct seccomp_notif *call, const char *type)
{
	char path[64], text[32] = "";
	if (call->data.args[2] == 0)
		return 0;
	snprintf(path, sizeof path, "/proc/%u/mem", call->pid);
	int memory = open(path, O_RDONLY | O_CLOEXEC);
	if (memory < 0)
		return 0; /* ended meanwhile: the answer goes nowhere */
	ssize_t length = pread(memory, text, sizeof text - 1, (off_t)call->data.args[2]);
	close(memory);
	return length > 0 && strcmp(text, type) == 0;
}

static void answer(int listener, const char *type, int error)
{
	struct seccomp_notif *call;
	struct seccomp_notif_resp *reply;
	if (seccomp_notify_alloc(&call, &reply) < 0)
		die("seccomp_notify_alloc");
	if (seccomp_notify_receive(listener, call) == 0) {
		reply->id = call->id;
		if (mounts(call, type))
			reply->error = -error;
		else
			reply->flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
		seccomp_notify_respond(listener, reply); /* fails for a caller that has ended */
	}
	seccomp_notify_free(call, reply);
}

static _Noreturn void supervise(pid_t program, int listener, const char *type, int error)
{
	int pidfd = (int)syscall(SYS_pidfd_open, program, 0);
	struct pollfd waits[] = {{.fd = listener, .events = POLLIN}, {.fd = pidfd, .events = POLLIN}};
	if (pidfd < 0)
		die("pidfd_open");
	/* Whoever reads what the program writes waits for the end of that. */
	for (int fd = 0; fd < 3; fd++)
		close(fd);
	while (!(waits[1].revents & POLLIN)) {
		if (poll(waits, 2, -1) < 0 && errno != EINTR)
			_exit(BROKEN);
		if (waits[0].revents & POLLIN)
			answer(listener, type, error);
	}
	_exit(0);
}

/* This process becomes the program, so that its number is the program's; a grandchild of it answers the kernel. */
static _Noreturn void without_mounts(scmp_filter_ctx filter, const char *type, int error, char **program)
{
	int result = seccomp_rule_add(filter, SCMP_ACT_NOTIFY, SCMP_SYS(mount), 0);
	if (result < 0) {
		errno = -result;
		die("seccomp_rule_add");
	}
	load(filter);
	int listener = seccomp_notify_fd(filter);
	pid_t self = getpid(), child = fork();
	if (child == 0) {
		if (fork() == 0)
			supervise(self, listener, type, error);
		_exit(0);
	}
	if (child < 0 || waitpid(child, NULL, 0) < 0)
		die("fork");
	close(listener);
	execvp(program[0], program);
	die(program[0]);
}

int main(int argc, char **argv)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	if (argc < 3 || !filter) {
		fputs("without userns|seccomp|seccomp-install|overlay|overlay-module|proc PROGRAM ARGUMENT…\n", stderr);
		return BROKEN;
	}
	const char *feature = argv[1];
	if (strcmp(feature, "overlay") == 0)
		without_mounts(filter, "overlay", EPERM, argv + 2);
	if (strcmp(feature, "overlay-module") == 0)
		without_mounts(filter, "overlay", ENODEV, argv + 2);
	if (strcmp(feature, "proc") == 0)
		without_mounts(filter, "proc", EPERM, argv + 2);
	if (strcmp(feature, "userns") == 0) {
		refuse(filter, SCMP_SYS(clone3), ENOSYS, 0, 0);
		refuse(filter, SCMP_SYS(clone), EPERM, 0, CLONE_NEWUSER);
		refuse(filter, SCMP_SYS(unshare), EPERM, 0, CLONE_NEWUSER);
	} else if (strcmp(feature, "seccomp") == 0 || strcmp(feature, "seccomp-install") == 0) {
		if (feature[7] == '\0')
			refuse(filter, SCMP_SYS(seccomp), ENOSYS, 0, 0);
		else
			refuse(filter, SCMP_SYS(seccomp), EACCES, 0, SECCOMP_SET_MODE_FILTER);
		if (seccomp_rule_add(filter, SCMP_ACT_ERRNO(EINVAL), SCMP_SYS(prctl), 1,
				     SCMP_CMP(0, SCMP_CMP_EQ, PR_SET_SECCOMP, 0)) < 0)
			die("seccomp_rule_add");
	} else {
		errno = EINVAL;
		die(feature);
	}
	load(filter);
	execvp(argv[2], argv + 2);
	die(argv[2]);
}
