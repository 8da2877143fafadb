/* filter.c: the compiled seccomp policy, mapped once and installed in every program. */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "jail.h"

static struct sock_fprog filter;

int sc_load_filter(struct sc_failure *failure, int fd)
{
	struct stat file;
	if (fstat(fd, &file) < 0)
		return sc_fail(failure, SC_STEP_seccomp, 0);
	if (file.st_size == 0 || file.st_size % (off_t)sizeof(struct sock_filter) != 0 ||
	    file.st_size / (off_t)sizeof(struct sock_filter) > BPF_MAXINSNS)
		return sc_fail_with(failure, SC_STEP_seccomp, 1, EINVAL);
	void *program = mmap(NULL, (size_t)file.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (program == MAP_FAILED)
		return sc_fail(failure, SC_STEP_seccomp, 2);
	filter.filter = program;
	filter.len = (unsigned short)((size_t)file.st_size / sizeof(struct sock_filter));
	return 0;
}

int sc_install_filter(struct sc_failure *failure)
{
	if (filter.len == 0)
		return sc_fail_with(failure, SC_STEP_seccomp, 3, ENOENT);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return sc_fail(failure, SC_STEP_no_new_privs, 0);
	if (SC_HAS(seccomp) && syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter) < 0)
		return sc_fail(failure, SC_STEP_seccomp, 4);
	return 0;
}
