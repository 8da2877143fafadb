/* slot: every message that a slot's init takes. */
#include "input.h"

static void must_be_obeyable(const struct sc_slot_order *order, const char *message, size_t size, unsigned fds)
{
	switch (order->header.kind) {
	case SC_SPAWN:
		must(fds == 4 && order->argv != NULL);
		must_be_strings(order->argv, message + sizeof order->spawn, size - sizeof order->spawn, order->spawn.argc,
				order->spawn.envc);
		break;
	case SC_PUT:
	case SC_COPY:
		must(fds == 1);
		must(strnlen(order->path.path, sizeof order->path.path) < sizeof order->path.path);
		break;
	case SC_OPEN:
		must(strnlen(order->path.path, sizeof order->path.path) < sizeof order->path.path);
		break;
	case SC_RESIZE:
		must(size == sizeof order->resize);
		break;
	default:
		must(order->header.kind == SC_KILL || order->header.kind == SC_IO);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sc_slot_order order;
	unsigned fds = take_count(&data, &size);
	char *message = exact_copy(data, size);
	if (sc_parse_slot_order(message, size, fds, &order))
		must_be_obeyable(&order, message, size, fds);
	else
		must(order.argv == NULL);
	free(order.argv);
	free(message);
	return 0;
}
