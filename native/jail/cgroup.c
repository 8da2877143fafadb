/*
 * cgroup.c: joining by descriptor. The worker opens each cgroup.procs; whoever writes "0" moves itself, and the kernel
 * asks for the opener's right, not the writer's. So the jail needs no path and no right of its own, on v1 and v2 alike.
 */
#include <unistd.h>

#include "jail.h"

int sc_join_cgroups(struct sc_failure *failure, const int *fds, unsigned count)
{
	for (unsigned i = 0; SC_HAS(cgroup) && i < count; i++)
		if (write(fds[i], "0", 1) != 1)
			return sc_fail(failure, SC_STEP_cgroup_join, i);
	sc_close_all(fds, count);
	return 0;
}
