/*
 * job: a job on its socket, in packets. Each is two bytes of length and that many bytes; the peer leaves behind the last.
 * All of them are sent before any is read, so what does not fit the socket's buffer is left out.
 */
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "input.h"

static void send_packets(int socket, const uint8_t *data, size_t size)
{
	while (size > 2) {
		size_t length = (size_t)data[0] | (size_t)data[1] << 8;
		data += 2, size -= 2;
		if (length > size)
			length = size;
		char *packet = exact_copy(data, length);
		ssize_t sent = length > 0 ? send(socket, packet, length, MSG_DONTWAIT | MSG_NOSIGNAL) : 0;
		free(packet);
		if (sent < 0)
			return;
		data += length, size -= length;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sc_job order;
	char **argv, *text;
	int pair[2];
	must(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == 0);
	send_packets(pair[0], data, size);
	close(pair[0]);
	if (sc_read_job(pair[1], &order, &argv, &text) > 0) {
		must_be_strings(argv, text, order.strings_length, order.argc, order.envc);
		free(argv);
		munmap(text, (size_t)order.strings_length + 1);
	}
	close(pair[1]);
	return 0;
}
