/* copy.c: the contents of files and directories, from one descriptor to another. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "jail.h"

static int write_all(int to, const char *bytes, size_t length)
{
	for (size_t written = 0; written < length;) {
		ssize_t part = write(to, bytes + written, length - written);
		if (part < 0)
			return -1;
		written += (size_t)part;
	}
	return 0;
}

int sc_copy(int from, int to, uint64_t most)
{
	char buffer[16384];
	ssize_t length = 0;
	lseek(from, 0, SEEK_SET);
	while (most > 0 && (length = read(from, buffer, most < sizeof buffer ? (size_t)most : sizeof buffer)) > 0) {
		if (write_all(to, buffer, (size_t)length) < 0)
			return -1;
		most -= (uint64_t)length;
	}
	return length < 0 ? -1 : 0;
}

int sc_copy_regular(int from, int to, uint64_t most)
{
	struct stat status;
	if (fstat(from, &status) < 0)
		return -1;
	if (!S_ISREG(status.st_mode)) {
		errno = EMEDIUMTYPE;
		return -1;
	}
	/* Nobody wants the beginning of it; and a hole of any length costs its maker nothing, and its reader time. */
	if ((uint64_t)status.st_size > most) {
		errno = EFBIG;
		return -1;
	}
	return sc_copy(from, to, most);
}

int sc_copy_entries(int directory, int to, uint64_t most)
{
	int own = dup(directory), result = 0;
	DIR *stream = own < 0 ? NULL : fdopendir(own);
	if (!stream)
		return -1;
	for (struct dirent *entry; result == 0 && (entry = readdir(stream));) {
		char text[1 + NAME_MAX + 1] = {(char)entry->d_type};
		size_t length = strlen(entry->d_name);
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 || length > NAME_MAX)
			continue;
		if (length + 2 > most)
			break;
		memcpy(text + 1, entry->d_name, length);
		result = write_all(to, text, length + 2);
		most -= length + 2;
	}
	closedir(stream);
	return result;
}

int sc_open_by_names(const char *path, int flags, mode_t mode)
{
	char names[PATH_MAX], *rest = names, *name;
	if (strlen(path) >= sizeof names) {
		errno = ENAMETOOLONG;
		return -1;
	}
	strcpy(names, path);
	int at = open(path[0] == '/' ? "/" : ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	while (at >= 0 && (name = strsep(&rest, "/"))) {
		if (*name == '\0' && rest)
			continue;
		int next = rest ? openat(at, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
				: openat(at, *name ? name : ".", flags | O_NOFOLLOW | O_CLOEXEC, mode);
		int error = errno;
		close(at);
		errno = error;
		at = next;
	}
	return at;
}
