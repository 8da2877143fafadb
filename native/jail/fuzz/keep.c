/* keep: the messages that a keep takes, to start slots and zygotes, and to look for a child. */
#include "input.h"

enum { IDS = 65536 };

static void try_slot(const char *message, size_t size, unsigned fds)
{
	struct sc_slot_start start;
	if (!sc_parse_slot_start(message, size, fds, &start) || !sc_slot_start_fits(&start, IDS))
		return;
	must(fds >= 1 && fds <= 1 + SC_CGROUPS_MAX);
	must(start.inner_id > 0 && start.inner_id < IDS && strnlen(start.hostname, SC_NAME_MAX) < SC_NAME_MAX);
}

static void try_zygote(char *message, size_t size, unsigned fds)
{
	struct sc_zygote_start start;
	char **argv = sc_parse_zygote_start(message, size, fds, &start);
	if (!argv)
		return;
	must(fds >= 2 && fds <= 2 + SC_CGROUPS_MAX && argv[0] != NULL);
	must_be_strings(argv, message + sizeof start, size - sizeof start, start.argc, start.envc);
	free(argv);
}

static void try_find(const char *message, size_t size)
{
	struct sc_child child;
	if (sc_parse_find(message, size, &child))
		must(size == sizeof child && child.pid > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned fds = take_count(&data, &size);
	char *message = exact_copy(data, size);
	struct sc_header header = sc_parse_header(message, size);
	if (header.kind == SC_SLOT_START)
		try_slot(message, size, fds);
	else if (header.kind == SC_ZYGOTE_START)
		try_zygote(message, size, fds);
	else
		try_find(message, size);
	free(message);
	return 0;
}
