/* forks: the one message that a broker takes, and the one that a zygote takes. */
#include "input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sc_keep_start keep;
	struct sc_fork fork;
	unsigned fds = take_count(&data, &size);
	char *message = exact_copy(data, size);
	if (sc_parse_keep_start(message, size, fds, &keep))
		must(fds == 3 && size == sizeof keep && keep.version == SC_WIRE_VERSION);
	if (sc_parse_fork(message, size, fds, &fork))
		must(fds >= 5 && fds <= 5 + SC_CGROUPS_MAX && size == sizeof fork);
	free(message);
	return 0;
}
