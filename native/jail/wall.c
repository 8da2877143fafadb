/*
 * wall.c: the outer wall of a keep. Two builders, one result: `sandcastle-jail keep` as pid 1 of fresh namespaces, as
 * id 0 of a user namespace whose ids are a range that nobody else uses, with its control socket, filter and spec.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <linux/securebits.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "jail.h"

struct passed {
	int control, spec, filter;
};

/* Puts the keep's three descriptors where it expects them; all others are close-on-exec. */
static void place_descriptors(const struct passed *passed)
{
	int control = fcntl(passed->control, F_DUPFD, 20);
	int spec = fcntl(passed->spec, F_DUPFD, 20);
	int filter = fcntl(passed->filter, F_DUPFD, 20);
	dup2(control, SC_FD_CONTROL);
	dup2(filter, SC_FD_FILTER);
	dup2(spec, SC_FD_SPEC);
	syscall(SYS_close_range, SC_FD_SPEC + 1, ~0U, 0);
}

static _Noreturn void give_up(int control, const struct sc_failure *failure)
{
	sc_send_failure(control, 0, failure);
	_exit(SC_EXIT_BROKEN);
}

static _Noreturn void builtin_child(const struct sc_keep_spec *spec, const struct passed *passed, int mapped)
{
	struct sc_failure failure = {0};
	char program[SC_PATH_MAX + 32], byte;
	if (read(mapped, &byte, 1) != 1) {
		sc_fail_with(&failure, SC_STEP_wait_for_map, 0, EPIPE);
		give_up(passed->control, &failure);
	}
	if (sc_become(&failure, 0, 0) < 0)
		give_up(passed->control, &failure);
	snprintf(program, sizeof program, "%s/sandcastle-jail", spec->guest);
	sc_reset_signals();
	place_descriptors(passed);
	/* Executed, not called: a fresh address space belongs to the keep's user namespace, so that the keep may look
	 * into its children, and holds nothing of ours. */
	execve(program, (char *[]){"sandcastle-jail", "keep", NULL}, (char *[]){NULL});
	sc_fail(&failure, SC_STEP_exec, 0);
	give_up(SC_FD_CONTROL, &failure);
}

static int run_helper(struct sc_failure *failure, enum sc_step step, char *const argv[])
{
	int status;
	pid_t pid = fork();
	if (pid == 0) {
		sc_reset_signals();
		execve(argv[0], argv, (char *[]){NULL});
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return sc_fail(failure, step, 0);
	return status == 0 ? 0 : sc_fail_with(failure, step, (unsigned)WEXITSTATUS(status), EPERM);
}

/* An ordinary user: id 0 inside is its own, the rest its subordinate ids, as /etc/subuid grants them. */
static int map_by_helper(struct sc_failure *failure, pid_t pid, const struct sc_keep_spec *spec, bool group)
{
	char id[16], own[16], base[16], count[16];
	snprintf(id, sizeof id, "%d", pid);
	snprintf(own, sizeof own, "%u", group ? getegid() : geteuid());
	snprintf(base, sizeof base, "%u", spec->host_id_base);
	snprintf(count, sizeof count, "%u", spec->id_count);
	char *program = (char *)(group ? spec->newgidmap : spec->newuidmap);
	char *argv[] = {program, id, "0", own, "1", "1", base, count, NULL};
	return run_helper(failure, group ? SC_STEP_newgidmap : SC_STEP_newuidmap, argv);
}

static int map_keep(struct sc_failure *failure, pid_t pid, const struct sc_keep_spec *spec)
{
	char map[64];
	if (spec->own_id) {
		if (map_by_helper(failure, pid, spec, true) < 0)
			return -1;
		return map_by_helper(failure, pid, spec, false);
	}
	snprintf(map, sizeof map, "0 %u %u\n", spec->host_id_base, spec->id_count);
	return sc_map_ids(failure, pid, map, map);
}

/*
 * What slots use of the kernel's counted things (inotify instances, above all) is counted to whoever made the keep's user namespace:
 * made by root it would be the host's own budget that a slot uses up. So it is made by the id that root of the keep is, which
 * owns nothing else, with the capabilities of before. Without CAP_SETPCAP, as in a Pod, root is not the host's, and makes it.
 */
static bool become_owner(const struct sc_keep_spec *spec, int bits)
{
	if (spec->own_id || geteuid() != 0 || prctl(PR_SET_SECUREBITS, bits | SECBIT_NO_SETUID_FIXUP, 0, 0, 0) < 0)
		return false;
	if (syscall(SYS_setresuid, -1, spec->host_id_base, -1) == 0)
		return true;
	prctl(PR_SET_SECUREBITS, bits, 0, 0, 0);
	return false;
}

static pid_t clone_for_owner(struct sc_failure *failure, const struct sc_keep_spec *spec, struct clone_args *args)
{
	int bits = prctl(PR_GET_SECUREBITS);
	bool owner = become_owner(spec, bits);
	pid_t pid = (pid_t)syscall(SYS_clone3, args, sizeof *args);
	int error = errno;
	if (pid != 0 && owner && (syscall(SYS_setresuid, -1, 0, -1) < 0 || prctl(PR_SET_SECUREBITS, bits, 0, 0, 0) < 0))
		abort(); /* as half of somebody nothing can go on */
	return pid < 0 ? sc_fail_with(failure, SC_STEP_clone, 1, error) : pid;
}

static pid_t start_builtin(struct sc_failure *failure, const struct sc_keep_spec *spec, const struct passed *passed)
{
	int mapped[2];
	struct clone_args args = {
		.flags = CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS |
			 SC_FLAG(net, CLONE_NEWNET) | SC_FLAG(cgroup, CLONE_NEWCGROUP),
		.exit_signal = SIGCHLD,
	};
	if (pipe2(mapped, O_CLOEXEC) < 0)
		return sc_fail(failure, SC_STEP_clone, 0);
	pid_t pid = clone_for_owner(failure, spec, &args);
	if (pid == 0) {
		close(mapped[1]);
		builtin_child(spec, passed, mapped[0]);
	}
	close(mapped[0]);
	int result = 0;
	if (pid < 0)
		result = -1;
	else if (map_keep(failure, pid, spec) < 0)
		result = -1;
	else if (write(mapped[1], "", 1) != 1)
		result = sc_fail(failure, SC_STEP_wait_for_map, 1);
	close(mapped[1]);
	/* Where the map failed the child reads end of file and leaves; it is reaped like any keep that ended. */
	return result < 0 ? -1 : pid;
}

/* nsjail's command line, built on the stack of a child that will be replaced. */
struct arguments {
	char *items[160];
	unsigned count;
	char text[96 * 1024];
	size_t used;
	bool full;
};

__attribute__((format(printf, 2, 3))) static void add(struct arguments *arguments, const char *format, ...)
{
	va_list values;
	size_t left = sizeof arguments->text - arguments->used;
	va_start(values, format);
	int length = vsnprintf(arguments->text + arguments->used, left, format, values);
	va_end(values);
	if (length < 0 || (size_t)length >= left || arguments->count + 1 >= sizeof arguments->items / sizeof(char *)) {
		arguments->full = true;
		return;
	}
	arguments->items[arguments->count++] = arguments->text + arguments->used;
	arguments->used += (size_t)length + 1;
}

static void add_identity(struct arguments *arguments, const struct sc_keep_spec *spec)
{
	if (!spec->own_id) {
		add(arguments, "--user=0:%u:%u", spec->host_id_base, spec->id_count);
		add(arguments, "--group=0:%u:%u", spec->host_id_base, spec->id_count);
		return;
	}
	add(arguments, "--uid_mapping=0:%u:1", geteuid());
	add(arguments, "--uid_mapping=1:%u:%u", spec->host_id_base, spec->id_count);
	add(arguments, "--gid_mapping=0:%u:1", getegid());
	add(arguments, "--gid_mapping=1:%u:%u", spec->host_id_base, spec->id_count);
}

static void nsjail_arguments(struct arguments *arguments, const struct sc_keep_spec *spec)
{
	static const char *const devices[] = {"null", "zero", "full", "random", "urandom", "tty"};
	const struct sc_tree *trees = sc_spec_trees(spec);

	add(arguments, "%s", spec->nsjail);
	add(arguments, "--mode=o");
	add(arguments, "--quiet");
	add_identity(arguments, spec);
	add(arguments, "--hostname=keep");
	add(arguments, "--keep_caps");
	add(arguments, "--disable_rlimits");
	add(arguments, "--time_limit=0");
	add(arguments, "--nice_level=0");
	add(arguments, "--proc_rw");
	add(arguments, "--rw");
	add(arguments, "--iface_no_lo");
	for (int fd = SC_FD_CONTROL; fd <= SC_FD_SPEC; fd++)
		add(arguments, "--pass_fd=%d", fd);
	add(arguments, "--bindmount_ro=%s:" SC_STAGED_DIR "/root", spec->root);
	add(arguments, "--bindmount_ro=%s:" SC_STAGED_DIR "/guest", spec->guest);
	for (uint32_t i = 0; i < spec->tree_count; i++)
		add(arguments, "--bindmount_ro=%s:" SC_STAGED_DIR "/tree/%u", trees[i].source, i);
	for (size_t i = 0; i < sizeof devices / sizeof *devices; i++)
		add(arguments, "--bindmount=/dev/%s:" SC_STAGED_DIR "/dev/%s", devices[i], devices[i]);
	add(arguments, "--");
	add(arguments, SC_STAGED_DIR "/guest/sandcastle-jail");
	add(arguments, "keep");
}

static pid_t start_nsjail(struct sc_failure *failure, const struct sc_keep_spec *spec, const struct passed *passed)
{
	static struct arguments arguments;
	memset(&arguments, 0, sizeof arguments);
	nsjail_arguments(&arguments, spec);
	if (arguments.full)
		return sc_fail_with(failure, SC_STEP_spec, 10, E2BIG);
	pid_t pid = fork();
	if (pid != 0)
		return pid < 0 ? sc_fail(failure, SC_STEP_fork, 0) : pid;
	sc_reset_signals();
	place_descriptors(passed);
	execve(spec->nsjail, arguments.items, (char *[]){NULL});
	sc_fail(failure, SC_STEP_exec, 1);
	give_up(SC_FD_CONTROL, failure);
}

pid_t sc_start_wall(struct sc_failure *failure, int control, int spec_fd, int filter)
{
	const struct passed passed = {.control = control, .spec = spec_fd, .filter = filter};
	const struct sc_keep_spec *spec = sc_map_spec(failure, spec_fd);
	if (!spec)
		return -1;
	return spec->kind == SC_KEEP_NSJAIL ? start_nsjail(failure, spec, &passed) : start_builtin(failure, spec, &passed);
}
