/*
 * job: a job on its socket, in packets. Each is two bytes of length and that many bytes; the peer leaves behind the last.
 * All of them are sent before any is read, so what does not fit the socket's buffer is left out.
 */
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "input.h"

enum { PACKETS_MAX = 64 };

/* How many were sent, and how long each is. */
static unsigned send_packets(int socket, const uint8_t *data, size_t size, size_t lengths[static PACKETS_MAX])
{
	unsigned count = 0;
	while (size > 2 && count < PACKETS_MAX) {
		size_t length = (size_t)data[0] | (size_t)data[1] << 8;
		data += 2, size -= 2;
		if (length > size)
			length = size;
		char *packet = exact_copy(data, length);
		ssize_t sent = length > 0 ? send(socket, packet, length, MSG_DONTWAIT | MSG_NOSIGNAL) : 0;
		free(packet);
		if (sent < 0)
			break;
		if (length > 0)
			lengths[count++] = length;
		data += length, size -= length;
	}
	return count;
}

/* A job is whole packets: none was cut. */
static void must_be_whole(const struct sc_job *order, const size_t *lengths, unsigned count)
{
	size_t sum = 0, whole = sizeof *order + order->strings_length;
	for (unsigned i = 0; i < count && sum < whole; i++)
		sum += lengths[i];
	must(sum == whole);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sc_job order;
	char **argv, *text;
	size_t lengths[PACKETS_MAX];
	int pair[2];
	must(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == 0);
	unsigned count = send_packets(pair[0], data, size, lengths);
	close(pair[0]);
	if (sc_read_job(pair[1], &order, &argv, &text) > 0) {
		must_be_whole(&order, lengths, count);
		must_be_strings(argv, text, order.strings_length, order.argc, order.envc);
		free(argv);
		munmap(text, (size_t)order.strings_length + 1);
	}
	close(pair[1]);
	return 0;
}
