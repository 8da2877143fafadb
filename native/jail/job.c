/* job.c: a prepared process that waits for a command to execute. */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "jail.h"

enum { JOB_MAX = 64 << 20 };

/* The rest of a job that did not fit its first packet. */
static int read_rest(int job, char *buffer, size_t have, size_t want)
{
	while (have < want) {
		ssize_t part = recv(job, buffer + have, want - have, 0);
		if (part < 0 && errno == EINTR)
			continue;
		if (part <= 0)
			return -1;
		have += (size_t)part;
	}
	return have == want ? 0 : -1;
}

_Noreturn void sc_run_job(int job)
{
	static _Alignas(8) char first[SC_MESSAGE_MAX];
	struct sc_failure failure = {.step = SC_STEP_protocol, .index = SC_JOB, .error = EPROTO};
	struct sc_job order;
	ssize_t length = recv(job, first, sizeof first, 0);
	if (length == 0)
		_exit(SC_EXIT_BROKEN); /* the worker has gone, or does not want this slot any more */
	if (length < (ssize_t)sizeof order)
		goto broken;
	memcpy(&order, first, sizeof order);
	size_t strings = order.strings_length;
	if (order.header.kind != SC_JOB || order.version != SC_WIRE_VERSION || order.job_kind != SC_JOB_ARGV ||
	    order.argc == 0 || order.code_length != 0 || strings > JOB_MAX ||
	    (size_t)length - sizeof order > strings)
		goto broken;
	char *text = mmap(NULL, strings + 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (text == MAP_FAILED)
		goto broken;
	memcpy(text, first + sizeof order, (size_t)length - sizeof order);
	if (read_rest(job, text, (size_t)length - sizeof order, strings) < 0)
		goto broken;
	/* gVisor: the disk that was under the working directory may have been replaced by one of another size. */
	if (chdir(SC_HOME) < 0)
		goto broken;
	if (sc_limit_job(order.open_files, order.processes) < 0)
		goto broken;
	char **argv = sc_split_strings(text, strings, order.argc, order.envc);
	if (!argv)
		goto broken;
	sc_execute(argv, argv + order.argc + 1);
broken:
	sc_send_failure(job, 0, &failure);
	_exit(SC_EXIT_BROKEN);
}
