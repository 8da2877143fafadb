/* Messages and the strings in them: what is short, long or wrong is refused, and nothing is read beyond its end. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../jail.h"
#include "check.h"

static bool splits(const char *text, size_t length, uint32_t argc, uint32_t envc)
{
	/* An exact heap copy, so that the sanitizer sees a read beyond it. */
	char *copy = malloc(length ? length : 1);
	memcpy(copy, text, length);
	char **items = sc_split_strings(copy, length, argc, envc);
	bool result = items != NULL;
	free(items);
	free(copy);
	return result;
}

static void check_strings(void)
{
	char text[] = "ls\0-l\0A=1\0";
	char **items = sc_split_strings(text, sizeof text - 1, 2, 1);
	check("strings_are_pointed_at", items && !strcmp(items[0], "ls") && !strcmp(items[1], "-l") && !items[2] &&
						!strcmp(items[3], "A=1") && !items[4]);
	free(items);
	check("strings_empty_is_taken", splits("", 0, 0, 0));
	check("strings_without_end_are_refused", !splits("ls\0-l", 5, 2, 0));
	check("strings_too_few_are_refused", !splits("ls\0", 3, 2, 0));
	check("strings_too_many_are_refused", !splits("ls\0-l\0", 6, 1, 0));
	check("strings_count_that_overflows_is_refused", !splits("ls\0", 3, UINT32_MAX, UINT32_MAX));
	check("strings_of_nothing_with_count_are_refused", !splits("", 0, 1, 0));
}

static void check_packets(void)
{
	int pair[2], fds[SC_FDS_MAX], many[SC_FDS_MAX + 1];
	unsigned count;
	char buffer[32];
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		exit(1);

	check("packet_arrives_whole",
	      sc_send_header(pair[0], SC_FIND, 7) == 0 && sc_receive(pair[1], buffer, sizeof buffer, fds, &count) == 8);
	check("packet_longer_than_the_buffer_is_refused",
	      sc_send(pair[0], (char[64]){0}, 64, NULL, 0) == 0 &&
		      sc_receive(pair[1], buffer, sizeof buffer, fds, &count) == -1 && count == 0);

	sc_send(pair[0], "x", 1, (int[]){pair[0], pair[1]}, 2);
	check("packet_brings_descriptors", sc_receive(pair[1], buffer, sizeof buffer, fds, &count) == 1 && count == 2);
	check("packet_descriptors_are_close_on_exec", count == 2 && fcntl(fds[0], F_GETFD) == FD_CLOEXEC);
	sc_close_all(fds, count);

	for (unsigned i = 0; i <= SC_FDS_MAX; i++)
		many[i] = pair[0];
	check("packet_with_too_many_descriptors_is_refused", sc_send(pair[0], "x", 1, many, SC_FDS_MAX + 1) == -1);
	close(pair[0]);
	check("packet_of_a_peer_that_left_is_the_end", sc_receive(pair[1], buffer, sizeof buffer, fds, &count) == 0);
	check("packet_to_a_peer_that_left_is_an_error", sc_send_header(pair[1], SC_FIND, 0) == -1);
	close(pair[1]);
}

static void check_filter(void)
{
	struct sc_failure failure = {0};
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	check("filter_that_was_not_loaded_is_not_installed",
	      sc_install_filter(&failure) == -1 && failure.step == SC_STEP_seccomp);
	check("filter_of_nothing_is_refused", sc_load_filter(&failure, fd) == -1 && failure.index == 1);
	close(fd);
}

int main(void)
{
	check_strings();
	check_packets();
	check_filter();
	check("steps_have_names", !strcmp(sc_step_name(SC_STEP_mount_overlay), "mount_overlay") &&
					  !strcmp(sc_step_name(100000), "unknown"));
	return failures > 0;
}
