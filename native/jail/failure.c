/* failure.c: what failed, where, and how the worker hears of it. */
#include <errno.h>

#include "jail.h"

const char *sc_step_name(unsigned step)
{
	static const char *const names[] = {
		"none",
#define X(name) #name,
		SC_STEPS(X)
#undef X
	};
	return step < sizeof names / sizeof *names ? names[step] : "unknown";
}

int sc_fail_with(struct sc_failure *failure, enum sc_step step, unsigned index, int error)
{
	*failure = (struct sc_failure){.step = step, .index = index, .error = error};
	return -1;
}

int sc_fail(struct sc_failure *failure, enum sc_step step, unsigned index)
{
	return sc_fail_with(failure, step, index, errno);
}

void sc_send_failure(int socket, uint32_t id, const struct sc_failure *failure)
{
	struct sc_error message = {
		.header = {.kind = SC_ERROR, .id = id},
		.step = failure->step,
		.index = failure->index,
		.error = failure->error,
	};
	sc_send(socket, &message, sizeof message, NULL, 0);
}
