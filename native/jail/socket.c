/* socket.c: one message, one packet, descriptors beside it. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "jail.h"

union control_buffer {
	char bytes[CMSG_SPACE(sizeof(int) * SC_FDS_MAX)];
	struct cmsghdr align;
};

int sc_send(int socket, const void *message, size_t length, const int *fds, unsigned count)
{
	union control_buffer control = {0};
	struct iovec part = {.iov_base = (void *)message, .iov_len = length};
	struct msghdr header = {.msg_iov = &part, .msg_iovlen = 1};

	if (count > SC_FDS_MAX) {
		errno = EMSGSIZE;
		return -1;
	}
	if (count > 0) {
		header.msg_control = control.bytes;
		header.msg_controllen = CMSG_SPACE(sizeof(int) * count);
		struct cmsghdr *rights = CMSG_FIRSTHDR(&header);
		rights->cmsg_level = SOL_SOCKET;
		rights->cmsg_type = SCM_RIGHTS;
		rights->cmsg_len = CMSG_LEN(sizeof(int) * count);
		memcpy(CMSG_DATA(rights), fds, sizeof(int) * count);
	}
	ssize_t sent;
	do {
		sent = sendmsg(socket, &header, MSG_NOSIGNAL);
	} while (sent < 0 && errno == EINTR);
	return sent == (ssize_t)length ? 0 : -1;
}

int sc_send_header(int socket, uint32_t kind, uint32_t id)
{
	struct sc_header header = {.kind = kind, .id = id};
	return sc_send(socket, &header, sizeof header, NULL, 0);
}

static unsigned take_descriptors(struct msghdr *header, int *fds)
{
	unsigned count = 0;
	for (struct cmsghdr *part = CMSG_FIRSTHDR(header); part; part = CMSG_NXTHDR(header, part)) {
		if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS)
			continue;
		unsigned here = (unsigned)((part->cmsg_len - CMSG_LEN(0)) / sizeof(int));
		for (unsigned i = 0; i < here && count < SC_FDS_MAX; i++)
			memcpy(&fds[count++], CMSG_DATA(part) + i * sizeof(int), sizeof(int));
	}
	return count;
}

ssize_t sc_receive(int socket, void *buffer, size_t size, int fds[static SC_FDS_MAX], unsigned *count)
{
	union control_buffer control;
	struct iovec part = {.iov_base = buffer, .iov_len = size};
	struct msghdr header = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
	ssize_t length;

	*count = 0;
	do {
		length = recvmsg(socket, &header, MSG_CMSG_CLOEXEC);
	} while (length < 0 && errno == EINTR);
	if (length < 0)
		return -1;
	*count = take_descriptors(&header, fds);
	if (header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) {
		sc_close_all(fds, *count);
		*count = 0;
		errno = EMSGSIZE;
		return -1;
	}
	return length;
}

void sc_close_all(const int *fds, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		close(fds[i]);
}
