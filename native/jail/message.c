/*
 * message.c: messages taken apart. Nothing here has an effect, so that what a process obeys is what native/jail/fuzz tries:
 * a message is whole, of the right size and with the right number of descriptors, or it is none.
 */
#include <string.h>

#include "jail.h"

struct sc_header sc_parse_header(const char *message, size_t length)
{
	struct sc_header header = {0};
	memcpy(&header, message, length < sizeof header ? length : sizeof header);
	return header;
}

bool sc_parse_keep_start(const char *message, size_t length, unsigned fds, struct sc_keep_start *start)
{
	if (length != sizeof *start || fds != 3)
		return false;
	memcpy(start, message, sizeof *start);
	return start->header.kind == SC_KEEP_START && start->version == SC_WIRE_VERSION;
}

char **sc_parse_execute(char *message, size_t length, unsigned fds, struct sc_execute *order)
{
	if (length < sizeof *order)
		return NULL;
	memcpy(order, message, sizeof *order);
	if (order->version != SC_WIRE_VERSION || order->length != length - sizeof *order || order->argc == 0)
		return NULL;
	if (order->passed == 0 || order->passed > fds || fds - order->passed > SC_CGROUPS_MAX)
		return NULL;
	return sc_split_strings(message + sizeof *order, order->length, order->argc, order->envc);
}

bool sc_parse_fit(const char *message, size_t length, unsigned fds, struct sc_resize *resize)
{
	if (length != sizeof *resize || fds != 1)
		return false;
	memcpy(resize, message, sizeof *resize);
	return true;
}

bool sc_parse_slot_start(const char *message, size_t length, unsigned fds, struct sc_slot_start *start)
{
	if (length != sizeof *start || fds < 1 || fds > 1 + SC_CGROUPS_MAX)
		return false;
	memcpy(start, message, sizeof *start);
	return true;
}

bool sc_slot_start_fits(const struct sc_slot_start *start, uint32_t id_count)
{
	return start->inner_id != 0 && start->inner_id < id_count && memchr(start->hostname, '\0', SC_NAME_MAX) != NULL;
}

char **sc_parse_zygote_start(char *message, size_t length, unsigned fds, struct sc_zygote_start *start)
{
	if (length < sizeof *start || fds < 2 || fds > 2 + SC_CGROUPS_MAX)
		return NULL;
	memcpy(start, message, sizeof *start);
	if (start->length != length - sizeof *start || start->argc == 0)
		return NULL;
	return sc_split_strings(message + sizeof *start, start->length, start->argc, start->envc);
}

bool sc_parse_find(const char *message, size_t length, struct sc_child *child)
{
	if (length != sizeof *child)
		return false;
	memcpy(child, message, sizeof *child);
	return child->header.kind == SC_FIND && child->pid > 0;
}

bool sc_parse_fork(const char *message, size_t length, unsigned fds, struct sc_fork *order)
{
	if (length != sizeof *order || fds < 5 || fds > 5 + SC_CGROUPS_MAX)
		return false;
	memcpy(order, message, sizeof *order);
	return order->header.kind == SC_FORK;
}

/* ---- to a slot's init ---- */

static bool parse_spawn(char *message, size_t length, unsigned fds, struct sc_slot_order *order)
{
	struct sc_spawn *spawn = &order->spawn;
	if (length < sizeof *spawn || fds != 4)
		return false;
	memcpy(spawn, message, sizeof *spawn);
	if (spawn->length != length - sizeof *spawn)
		return false;
	order->argv = sc_split_strings(message + sizeof *spawn, spawn->length, spawn->argc, spawn->envc);
	return order->argv != NULL;
}

static bool parse_path(const char *message, size_t length, struct sc_path *where)
{
	if (length != sizeof *where)
		return false;
	memcpy(where, message, sizeof *where);
	return memchr(where->path, '\0', sizeof where->path) != NULL;
}

bool sc_parse_slot_order(char *message, size_t length, unsigned fds, struct sc_slot_order *order)
{
	*order = (struct sc_slot_order){.header = sc_parse_header(message, length)};
	switch (order->header.kind) {
	case SC_SPAWN:
		return parse_spawn(message, length, fds, order);
	case SC_PUT:
	case SC_COPY:
		return fds == 1 && parse_path(message, length, &order->path);
	case SC_OPEN:
		return parse_path(message, length, &order->path);
	case SC_RESIZE:
		if (length != sizeof order->resize)
			return false;
		memcpy(&order->resize, message, sizeof order->resize);
		return true;
	default:
		return order->header.kind == SC_KILL || order->header.kind == SC_IO;
	}
}

/* ---- to a program ---- */

bool sc_parse_job(const char *message, size_t length, struct sc_job *order)
{
	if (length < sizeof *order)
		return false;
	memcpy(order, message, sizeof *order);
	return order->header.kind == SC_JOB && order->version == SC_WIRE_VERSION && order->job_kind == SC_JOB_ARGV &&
	       order->argc != 0 && order->code_length == 0 && order->strings_length <= SC_JOB_MAX &&
	       length - sizeof *order <= order->strings_length;
}
