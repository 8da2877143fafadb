/* watching.c: how much a slot may watch. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include "jail.h"

/*
 * The kernel counts inotify's instances and watches for the slot's user, and those of all slots together for whoever made the user
 * namespace: one slot could leave none to the others. The limit is the slot's namespace's own, and only who has CAP_SYS_RESOURCE
 * in it may raise it. A kernel without inotify has no such files.
 */
int sc_limit_watching(struct sc_failure *failure, const char *settings)
{
	static const char *const limits[][2] = {{"max_inotify_instances", "8"}, {"max_inotify_watches", "8192"}};
	char path[SC_PATH_MAX];
	for (unsigned i = 0; i < sizeof limits / sizeof *limits; i++) {
		snprintf(path, sizeof path, "%s/%s", settings, limits[i][0]);
		if (sc_write_file(AT_FDCWD, path, limits[i][1]) < 0 && errno != ENOENT)
			return sc_fail(failure, SC_STEP_rlimit, 200 + i);
	}
	return 0;
}
