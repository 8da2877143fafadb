/* rules: an array of seccomp rules. What compiles can be installed: a whole number of instructions, no more than the kernel takes. */
#include <linux/filter.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "input.h"

/* A policy has hundreds of rules; with fewer libFuzzer comes round more often. */
enum { RULES_TRIED = 24 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t count = size / sizeof(struct sc_rule);
	struct stat file;
	if (count == 0 || count > RULES_TRIED)
		return 0;
	char *copy = exact_copy(data, count * sizeof(struct sc_rule));
	int out = memfd_create("bpf", MFD_CLOEXEC);
	must(out >= 0);
	int result = sc_compile_rules((const struct sc_rule *)(const void *)copy, count, out);
	must(fstat(out, &file) == 0);
	if (result < 0)
		must(file.st_size == 0);
	else
		must(file.st_size > 0 && file.st_size % (off_t)sizeof(struct sock_filter) == 0 &&
		     file.st_size / (off_t)sizeof(struct sock_filter) <= BPF_MAXINSNS);
	close(out);
	free(copy);
	return 0;
}
