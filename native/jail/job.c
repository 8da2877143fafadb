/* job.c: a prepared process that waits for a command to execute. */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "jail.h"

/* The rest of a job that did not fit its first packet. MSG_TRUNC tells the length of what is longer than was announced. */
static int read_rest(int job, char *buffer, size_t have, size_t want)
{
	while (have < want) {
		ssize_t part = recv(job, buffer + have, want - have, MSG_TRUNC);
		if (part < 0 && errno == EINTR)
			continue;
		if (part <= 0 || (size_t)part > want - have)
			return -1;
		have += (size_t)part;
	}
	return 0;
}

int sc_read_job(int job, struct sc_job *order, char ***argv, char **text)
{
	static _Alignas(8) char first[SC_MESSAGE_MAX];
	ssize_t length = recv(job, first, sizeof first, MSG_TRUNC);
	if (length == 0)
		return 0;
	if (length < 0 || (size_t)length > sizeof first || !sc_parse_job(first, (size_t)length, order))
		return -1;
	size_t strings = order->strings_length, have = (size_t)length - sizeof *order;
	*text = mmap(NULL, strings + 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (*text == MAP_FAILED)
		return -1;
	memcpy(*text, first + sizeof *order, have);
	if (read_rest(job, *text, have, strings) == 0)
		*argv = sc_split_strings(*text, strings, order->argc, order->envc);
	else
		*argv = NULL;
	if (*argv)
		return 1;
	munmap(*text, strings + 1);
	return -1;
}

_Noreturn void sc_run_job(int job)
{
	const struct sc_failure failure = {.step = SC_STEP_protocol, .index = SC_JOB, .error = EPROTO};
	struct sc_job order;
	char **argv, *text;
	int taken = sc_read_job(job, &order, &argv, &text);
	/* gVisor: the disk that was under the working directory may have been replaced by one of another size. */
	if (taken > 0 && chdir(SC_HOME) == 0 && sc_limit_job(order.open_files, order.processes) == 0)
		sc_execute(argv, argv + order.argc + 1);
	if (taken != 0)
		sc_send_failure(job, 0, &failure);
	_exit(SC_EXIT_BROKEN);
}
