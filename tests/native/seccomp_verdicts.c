/*
 * seccomp_verdicts: what filters say to calls, without any call being carried out. Built and driven by
 * tests/Sandcastle.Worker.Tests/Seccomp.
 *
 *   seccomp_verdicts mark PROGRAM…       becomes PROGRAM under the mark
 *   seccomp_verdicts read [FILTER]       reads `NUMBER ARGUMENT…` lines, up to five arguments; answers each with one word
 *   seccomp_verdicts make                the same without a mark, and each call is carried out
 *
 * The mark is a filter that answers errno 4000 to every call whose sixth argument is MAGIC. Among filters with equally
 * strict actions the newest decides the errno, and a stricter action beats a laxer one, whoever it came from. So under the
 * mark and any filter that was installed after it, a call with MAGIC tells what the newer filter said, and is never carried out:
 *
 *   allow                it said nothing, the mark answers
 *   the name of an errno it refused the call with that errno (or the number, where libc has no name)
 *   ok                   it answered 0: by the filter; without the mark the call succeeded
 *   kill-thread          the calling thread ended, its process lives
 *   kill-process         the process ended by SIGSYS
 *   SIG…                 it ended by another signal
 *
 * NUMBER may be `i386:NUMBER`, for the old gate of 32-bit programs.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ARGUMENTS = 5, CALLS_MAX = 1 << 16, MARK = 4000, MAGIC = 0x5ca57 };

/* Beside the errnos that are above 0; 0 is a call that was carried out and succeeded. */
enum { UNSAID = -1, KILL_THREAD = -2, KILL_PROCESS = -3, SIGNAL = -4 };

struct call {
	bool i386;
	long number;
	unsigned long arguments[ARGUMENTS];
};

/* Shared with children, who may end at any call. */
struct sheet {
	atomic_int verdicts[CALLS_MAX];
};

static struct call calls[CALLS_MAX];
static int call_count;
static struct sheet *sheet;

static _Noreturn void give_up(const char *what)
{
	perror(what);
	exit(70);
}

static void install(const struct sock_fprog *program)
{
	/* prctl, and not seccomp(2): gVisor has both, older kernels of other sandboxes only this. */
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, program, 0, 0) < 0)
		give_up("install");
}

static void install_mark(void)
{
	static struct sock_filter instructions[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[5])),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, MAGIC, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | MARK),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	install(&(struct sock_fprog){ .len = sizeof instructions / sizeof instructions[0], .filter = instructions });
}

static void install_file(const char *path)
{
	static struct sock_filter instructions[BPF_MAXINSNS];
	FILE *file = fopen(path, "re");

	if (file == NULL)
		give_up(path);
	size_t count = fread(instructions, sizeof instructions[0], BPF_MAXINSNS, file);
	fclose(file);
	install(&(struct sock_fprog){ .len = (unsigned short)count, .filter = instructions });
}

static int make(const struct call *call)
{
	const unsigned long *a = call->arguments;

	if (!call->i386) {
		int error = syscall(call->number, a[0], a[1], a[2], a[3], a[4], (unsigned long)MAGIC) == -1 ? errno : 0;
		/* The magic stays in the sixth register, and libc does not clear that for calls with fewer arguments. */
		syscall(SYS_getppid, 0UL, 0UL, 0UL, 0UL, 0UL, 0UL);
		return error;
	}
#ifdef __x86_64__
	long result;
	/* The sixth argument is in ebp, which may hold the frame; nothing is pushed, since below rsp is the red zone. */
	__asm__ volatile("mov %%rbp, %%r12; mov %6, %%ebp; int $0x80; mov %%r12, %%rbp"
			 : "=a"(result)
			 : "a"(call->number), "b"(a[0]), "c"(a[1]), "d"(a[2]), "S"(a[3]), "i"(MAGIC)
			 : "memory", "r8", "r9", "r10", "r11", "r12");
	return result < 0 ? (int)-result : 0;
#else
	return ENOSYS;
#endif
}

static void *make_from(void *from)
{
	for (int i = *(const int *)from; i < call_count; i++)
		sheet->verdicts[i] = make(&calls[i]);
	return NULL;
}

/* The first call that nobody could answer; call_count when all are answered. */
static int first_unsaid(int from)
{
	while (from < call_count && sheet->verdicts[from] != UNSAID)
		from++;
	return from;
}

/* Calls are made by a thread, so that who ends, it or the process, can be told. */
static _Noreturn void make_in_threads(int from)
{
	while (from < call_count) {
		pthread_t thread;
		int error = pthread_create(&thread, NULL, make_from, &from);
		if (error != 0 || pthread_join(thread, NULL) != 0)
			_exit(70);
		from = first_unsaid(from);
		if (from < call_count)
			sheet->verdicts[from++] = KILL_THREAD;
	}
	_exit(0);
}

static void make_all(void)
{
	int from = 0;

	while (from < call_count) {
		int status;
		pid_t child = fork();
		if (child < 0)
			give_up("fork");
		if (child == 0)
			make_in_threads(from);
		if (waitpid(child, &status, 0) < 0)
			give_up("waitpid");
		if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
			give_up("thread");
		from = first_unsaid(from);
		if (from < call_count)
			sheet->verdicts[from++] = !WIFSIGNALED(status) ? SIGNAL : WTERMSIG(status) == SIGSYS ? KILL_PROCESS : SIGNAL - WTERMSIG(status);
	}
}

static void parse(char *line, struct call *call)
{
	char *rest = NULL;
	char *name = strtok_r(line, " \n", &rest);

	if (name == NULL) {
		fputs("seccomp_verdicts: a line without a number\n", stderr);
		exit(64);
	}
	call->i386 = strncmp(name, "i386:", 5) == 0;
	call->number = strtol(call->i386 ? name + 5 : name, NULL, 0);
	for (int i = 0; i < ARGUMENTS; i++) {
		char *word = strtok_r(NULL, " \n", &rest);
		if (word == NULL)
			break;
		call->arguments[i] = strtoul(word, NULL, 0);
	}
}

static void print(int verdict)
{
	if (verdict == MARK)
		puts("allow");
	else if (verdict == 0)
		puts("ok");
	else if (verdict > 0 && strerrorname_np(verdict) != NULL)
		puts(strerrorname_np(verdict));
	else if (verdict > 0)
		printf("%d\n", verdict);
	else if (verdict == KILL_THREAD || verdict == KILL_PROCESS)
		puts(verdict == KILL_THREAD ? "kill-thread" : "kill-process");
	else if (verdict < SIGNAL)
		printf("SIG%s\n", sigabbrev_np(SIGNAL - verdict));
	else
		puts("ended");
}

/* Without the mark the calls would be carried out: reboot, kill, exit. */
static void require_mark(void)
{
	const struct call harmless = { .number = SYS_getpid };

	if (make(&harmless) != MARK) {
		fputs("seccomp_verdicts: no mark\n", stderr);
		exit(71);
	}
}

static int answer_lines(void)
{
	char *line = NULL;
	size_t size = 0;

	sheet = mmap(NULL, sizeof *sheet, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (sheet == MAP_FAILED)
		give_up("mmap");
	while (getline(&line, &size, stdin) > 0) {
		if (call_count == CALLS_MAX) {
			fprintf(stderr, "seccomp_verdicts: more than %d lines\n", CALLS_MAX);
			exit(64);
		}
		parse(line, &calls[call_count]);
		sheet->verdicts[call_count++] = UNSAID;
	}
	free(line);
	make_all();
	for (int i = 0; i < call_count; i++)
		print(sheet->verdicts[i]);
	return fflush(stdout) == 0 ? 0 : 70;
}

int main(int argc, char **argv)
{
	if (argc >= 3 && strcmp(argv[1], "mark") == 0) {
		install_mark();
		execv(argv[2], argv + 2);
		give_up(argv[2]);
	}
	if ((argc == 2 || argc == 3) && strcmp(argv[1], "read") == 0) {
		if (argc == 3)
			install_file(argv[2]);
		require_mark();
		return answer_lines();
	}
	if (argc == 2 && strcmp(argv[1], "make") == 0)
		return answer_lines();
	fputs("seccomp_verdicts mark PROGRAM… | read [FILTER] | make\n", stderr);
	return 64;
}
