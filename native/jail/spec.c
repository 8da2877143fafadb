/* spec.c: a keep's spec, mapped and checked once by whoever uses it. */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "jail.h"

enum { TREES_MAX = 64 };

static bool is_text(const char *text, size_t size)
{
	return memchr(text, '\0', size) != NULL;
}

static bool is_path(const char *path)
{
	size_t length;
	if (!is_text(path, SC_PATH_MAX) || path[0] != '/' || strstr(path, "/../"))
		return false;
	length = strlen(path);
	return length < 3 || strcmp(path + length - 3, "/..") != 0;
}

/* A ':' or ',' would be read as a separator by nsjail and by overlay's options. */
static bool is_plain_path(const char *path)
{
	return is_path(path) && !strpbrk(path, ":,\\\n");
}

const struct sc_tree *sc_spec_trees(const struct sc_keep_spec *spec)
{
	return (const struct sc_tree *)(spec + 1);
}

unsigned sc_check_spec(const struct sc_keep_spec *spec, size_t size)
{
	if (spec->version != SC_WIRE_VERSION)
		return 1;
	if (spec->kind != SC_KEEP_BUILTIN && spec->kind != SC_KEEP_NSJAIL)
		return 2;
	if (spec->tree_count > TREES_MAX || size != sizeof *spec + spec->tree_count * sizeof(struct sc_tree))
		return 3;
	/* Host id 0 is never mapped: what a jail's root may do must end at the jail. */
	if (spec->host_id_base == 0 || spec->id_count < 2 || spec->own_id > 1)
		return 4;
	if (!is_plain_path(spec->root) || !is_plain_path(spec->guest) || !is_plain_path(spec->stage))
		return 5;
	if (spec->kind == SC_KEEP_NSJAIL && !is_path(spec->nsjail))
		return 6;
	if (spec->own_id && spec->kind == SC_KEEP_BUILTIN && (!is_path(spec->newuidmap) || !is_path(spec->newgidmap)))
		return 7;
	for (uint32_t i = 0; i < spec->tree_count; i++) {
		const struct sc_tree *tree = &sc_spec_trees(spec)[i];
		if (!is_plain_path(tree->source) || !is_plain_path(tree->target) || tree->flags > SC_TREE_FILE)
			return 20 + i;
	}
	return 0;
}

const struct sc_keep_spec *sc_map_spec(struct sc_failure *failure, int fd)
{
	struct stat file;
	if (fstat(fd, &file) < 0) {
		sc_fail(failure, SC_STEP_spec, 0);
		return NULL;
	}
	if ((size_t)file.st_size < sizeof(struct sc_keep_spec)) {
		sc_fail_with(failure, SC_STEP_spec, 0, EINVAL);
		return NULL;
	}
	const struct sc_keep_spec *spec = mmap(NULL, (size_t)file.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (spec == MAP_FAILED) {
		sc_fail(failure, SC_STEP_spec, 0);
		return NULL;
	}
	unsigned broken = sc_check_spec(spec, (size_t)file.st_size);
	if (broken) {
		munmap((void *)spec, (size_t)file.st_size);
		sc_fail_with(failure, SC_STEP_spec, broken, EINVAL);
		return NULL;
	}
	return spec;
}
