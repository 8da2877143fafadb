/* forks: the messages that a broker takes, and the one that a zygote takes. */
#include "input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sc_keep_start keep;
	struct sc_fork fork;
	struct sc_execute execute;
	struct sc_resize resize;
	unsigned fds = take_count(&data, &size);
	char *message = exact_copy(data, size);
	if (sc_parse_keep_start(message, size, fds, &keep))
		must(fds == 3 && size == sizeof keep && keep.version == SC_WIRE_VERSION);
	if (sc_parse_fork(message, size, fds, &fork))
		must(fds >= 5 && fds <= 5 + SC_CGROUPS_MAX && size == sizeof fork);
	if (sc_parse_fit(message, size, fds, &resize))
		must(fds == 1 && size == sizeof resize);
	char **argv = sc_parse_execute(message, size, fds, &execute);
	if (argv) {
		must(execute.passed >= 1 && execute.passed <= fds && fds - execute.passed <= SC_CGROUPS_MAX && execute.argc >= 1);
		must_be_strings(argv, message + sizeof execute, size - sizeof execute, execute.argc, execute.envc);
	}
	free(argv);
	free(message);
	return 0;
}
