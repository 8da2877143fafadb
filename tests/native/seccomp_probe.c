/*
 * seccomp_probe: what a program is told under a filter. Built and driven by tests/Sandcastle.Worker.Tests/Seccomp.
 *
 *   seccomp_probe names                     each call of x86_64 and aarch64 that libseccomp knows: `ARCH NAME NUMBER`
 *   seccomp_probe calls [FILTER]            reads `CALL ARGUMENT…` lines, answers each with one word
 *   seccomp_probe execute FILTER PROGRAM…   becomes PROGRAM under the filter
 *
 * CALL is a name, a number, or `i386:NUMBER` for the old gate of 32-bit programs. An argument is a number, or one of the words
 * `terminal` and `socket` (descriptors) and `path:TEXT` (a pointer to TEXT). What is left out is 0. The word is `ok`, the name
 * of an errno, the name of the signal that ended the caller, or `ended`. Every call has a process of its own, which an
 * alarm ends if the call waits.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pty.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ARGUMENTS = 6, NAMES_END = 1024, ALARM_MICROS = 300000 };

struct call {
	bool i386;
	long number;
	unsigned long arguments[ARGUMENTS];
};

struct answer {
	bool given;
	int error;
};

static struct sock_filter instructions[BPF_MAXINSNS];
static struct sock_fprog filter = { .filter = instructions };

static void give_up(const char *what)
{
	perror(what);
	exit(70);
}

static void load(const char *path)
{
	FILE *file = fopen(path, "re");
	if (file == NULL)
		give_up(path);
	filter.len = (unsigned short)fread(instructions, sizeof instructions[0], BPF_MAXINSNS, file);
	fclose(file);
}

static void install(void)
{
	if (filter.len == 0)
		return;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter) < 0)
		give_up("install");
}

static int print_names(void)
{
	static const struct {
		uint32_t token;
		const char *name;
	} architectures[] = { { SCMP_ARCH_X86_64, "x86_64" }, { SCMP_ARCH_AARCH64, "aarch64" } };

	for (size_t i = 0; i < sizeof architectures / sizeof architectures[0]; i++) {
		for (int number = 0; number < NAMES_END; number++) {
			char *name = seccomp_syscall_resolve_num_arch(architectures[i].token, number);
			if (name != NULL)
				printf("%s %s %d\n", architectures[i].name, name, number);
			free(name);
		}
	}
	return 0;
}

static unsigned long argument_of(const char *word)
{
	if (strcmp(word, "terminal") == 0) {
		int leader, terminal;
		return openpty(&leader, &terminal, NULL, NULL, NULL) < 0 ? (unsigned long)-1 : (unsigned long)terminal;
	}
	if (strcmp(word, "socket") == 0)
		return (unsigned long)socket(AF_INET, SOCK_STREAM, 0);
	if (strcmp(word, "file") == 0)
		return (unsigned long)open("/proc/self/exe", O_RDONLY);
	if (strcmp(word, "inotify") == 0)
		return (unsigned long)inotify_init();
	if (strncmp(word, "path:", 5) == 0)
		return (unsigned long)(word + 5);
	return strtoul(word, NULL, 0);
}

/* The line's words; false for a name that no call here has. */
static bool parse(char *line, struct call *call)
{
	char *rest = NULL;
	char *name = strtok_r(line, " \n", &rest);

	*call = (struct call){ .number = -1 };
	if (name == NULL)
		return false;
	call->i386 = strncmp(name, "i386:", 5) == 0;
	if (call->i386)
		call->number = strtol(name + 5, NULL, 0);
	else if ((name[0] >= '0' && name[0] <= '9') || name[0] == '-')
		call->number = strtol(name, NULL, 0);
	else if ((call->number = seccomp_syscall_resolve_name(name)) < 0)
		return false;
	for (int i = 0; i < ARGUMENTS; i++) {
		char *word = strtok_r(NULL, " \n", &rest);
		if (word == NULL)
			break;
		call->arguments[i] = argument_of(word);
	}
	return true;
}

static long make(const struct call *call)
{
	const unsigned long *a = call->arguments;

	if (!call->i386)
		return syscall(call->number, a[0], a[1], a[2], a[3], a[4], a[5]);
#ifdef __x86_64__
	long result;
	__asm__ volatile("int $0x80" : "=a"(result) : "a"(call->number), "b"(a[0]), "c"(a[1]), "d"(a[2]) : "memory", "r8", "r9", "r10", "r11");
	return result;
#else
	errno = ENOSYS;
	return -1;
#endif
}

static _Noreturn void perform(const struct call *call, struct answer *answer)
{
	const struct itimerval soon = { .it_value.tv_usec = ALARM_MICROS };
	pid_t self = getpid();

	setsid();
	setitimer(ITIMER_REAL, &soon, NULL);
	install();
	errno = 0;
	long result = make(call);
	int error = result == -1 ? errno : 0;
	if (getpid() == self) /* and not what fork or clone made */
		*answer = (struct answer){ .given = true, .error = error };
	_exit(0);
}

static void probe(const struct call *call, struct answer *answer)
{
	int status;

	*answer = (struct answer){ 0 };
	pid_t child = fork();
	if (child < 0)
		give_up("fork");
	if (child == 0)
		perform(call, answer);
	if (waitpid(child, &status, 0) < 0)
		give_up("waitpid");
	if (answer->given)
		puts(answer->error == 0 ? "ok" : strerrorname_np(answer->error) != NULL ? strerrorname_np(answer->error) : "?");
	else if (WIFSIGNALED(status))
		printf("SIG%s\n", sigabbrev_np(WTERMSIG(status)));
	else
		puts(WEXITSTATUS(status) == 70 ? "broken" : "ended");
	fflush(stdout);
}

static int probe_lines(void)
{
	char *line = NULL;
	size_t size = 0;
	struct call call;
	struct answer *answer = mmap(NULL, sizeof *answer, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (answer == MAP_FAILED)
		give_up("mmap");
	while (getline(&line, &size, stdin) > 0) {
		if (parse(line, &call))
			probe(&call, answer);
		else
			puts("unknown");
	}
	free(line);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "names") == 0)
		return print_names();
	if (argc >= 2 && strcmp(argv[1], "calls") == 0) {
		if (argc > 2)
			load(argv[2]);
		return probe_lines();
	}
	if (argc >= 4 && strcmp(argv[1], "execute") == 0) {
		load(argv[2]);
		install();
		execv(argv[3], argv + 3);
		give_up(argv[3]);
	}
	fputs("seccomp_probe names | calls [FILTER] | execute FILTER PROGRAM…\n", stderr);
	return 64;
}
