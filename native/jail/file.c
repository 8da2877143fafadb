/* file.c: small files, directories and mount points. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "jail.h"

void sc_close_cleanup(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

int sc_write_file(int directory, const char *path, const char *text)
{
	SC_CLEANUP_FD int fd = openat(directory, path, O_WRONLY | O_CLOEXEC);
	size_t length = strlen(text);
	if (fd < 0)
		return -1;
	return write(fd, text, length) == (ssize_t)length ? 0 : -1;
}

/* Makes every directory above the last part of an absolute or relative path. */
int sc_make_parents(const char *path)
{
	char part[PATH_MAX];
	size_t length = strlen(path);
	if (length >= sizeof part) {
		errno = ENAMETOOLONG;
		return -1;
	}
	for (size_t i = 1; i < length; i++) {
		if (path[i] != '/')
			continue;
		memcpy(part, path, i);
		part[i] = '\0';
		if (mkdir(part, 0755) < 0 && errno != EEXIST)
			return -1;
	}
	return 0;
}

int sc_make_mount_point(const char *path, bool file)
{
	struct stat existing;
	if (lstat(path, &existing) == 0)
		return 0;
	if (sc_make_parents(path) < 0)
		return -1;
	if (!file)
		return mkdir(path, 0755) < 0 && errno != EEXIST ? -1 : 0;
	SC_CLEANUP_FD int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	return fd < 0 ? -1 : 0;
}
