/* A keep's spec comes from the worker, which is trusted; a damaged one must still never build a damaged wall. */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../jail.h"
#include "check.h"

struct whole {
	struct sc_keep_spec spec;
	struct sc_tree trees[2];
};

static struct whole valid(void)
{
	struct whole whole = {0};
	whole.spec.version = SC_WIRE_VERSION;
	whole.spec.kind = SC_KEEP_BUILTIN;
	whole.spec.host_id_base = 100000;
	whole.spec.id_count = 65536;
	whole.spec.tree_count = 2;
	strcpy(whole.spec.root, "/run/stage/root");
	strcpy(whole.spec.guest, "/run/stage/guest");
	strcpy(whole.spec.stage, "/run/stage/keep");
	strcpy(whole.trees[0].source, "/usr");
	strcpy(whole.trees[0].target, "/usr");
	strcpy(whole.trees[1].source, "/etc/localtime");
	strcpy(whole.trees[1].target, "/etc/localtime");
	whole.trees[1].flags = SC_TREE_FILE;
	return whole;
}

/* The number of the rule that refuses it, or -1 where it is taken. */
static int verdict(const void *bytes, size_t length)
{
	struct sc_failure failure = {0};
	int fd = memfd_create("spec", MFD_CLOEXEC);
	if (fd < 0 || write(fd, bytes, length) != (ssize_t)length)
		return -2;
	const struct sc_keep_spec *spec = sc_map_spec(&failure, fd);
	close(fd);
	if (!spec)
		return failure.step == SC_STEP_spec ? (int)failure.index : -3;
	munmap((void *)spec, length);
	return -1;
}

#define REFUSES(name, rule, change)                                                                                    \
	do {                                                                                                           \
		struct whole whole = valid();                                                                          \
		change;                                                                                                \
		check("spec_refuses_" name, verdict(&whole, sizeof whole) == (rule));                                  \
	} while (0)

int main(void)
{
	struct whole good = valid();
	check("spec_valid_is_taken", verdict(&good, sizeof good) == -1);
	check("spec_refuses_truncated_header", verdict(&good, sizeof good.spec - 1) == 0);
	check("spec_refuses_missing_tree", verdict(&good, sizeof good - sizeof good.trees[0]) == 3);
	check("spec_refuses_half_tree", verdict(&good, sizeof good - 8) == 3);
	REFUSES("other_version", 1, whole.spec.version = 2);
	REFUSES("unknown_kind", 2, whole.spec.kind = 3);
	REFUSES("tree_count_beyond_limit", 3, whole.spec.tree_count = 65);
	REFUSES("tree_count_that_overflows", 3, whole.spec.tree_count = UINT32_MAX);
	REFUSES("host_id_zero", 4, whole.spec.host_id_base = 0);
	REFUSES("single_id", 4, whole.spec.id_count = 1);
	REFUSES("own_id_other_than_flag", 4, whole.spec.own_id = 2);
	REFUSES("relative_root", 5, strcpy(whole.spec.root, "run/stage"));
	REFUSES("root_without_end", 5, memset(whole.spec.root, '/', sizeof whole.spec.root));
	REFUSES("root_with_parent", 5, strcpy(whole.spec.root, "/run/../etc"));
	REFUSES("root_that_ends_in_parent", 5, strcpy(whole.spec.root, "/run/.."));
	REFUSES("root_with_overlay_separator", 5, strcpy(whole.spec.root, "/run:/etc"));
	REFUSES("root_with_overlay_option", 5, strcpy(whole.spec.root, "/run,upperdir=/etc"));
	REFUSES("nsjail_without_program", 6, whole.spec.kind = SC_KEEP_NSJAIL);
	REFUSES("own_id_without_helpers", 7, whole.spec.own_id = 1);
	REFUSES("relative_tree", 20, strcpy(whole.trees[0].source, "usr"));
	REFUSES("tree_target_with_parent", 21, strcpy(whole.trees[1].target, "/etc/../../x"));
	REFUSES("tree_with_unknown_flag", 21, whole.trees[1].flags = 2);
	return failures > 0;
}
