/* spec: what a keep is made from. One that is taken must hold nothing but paths that stay where they point. */
#include <stddef.h>
#include <sys/mman.h>
#include <unistd.h>

#include "input.h"

/* A second opinion, part by part: absolute, ended, and no part of it leads up. */
static void must_be_path(const char *path, bool plain)
{
	must(path[0] == '/' && strnlen(path, SC_PATH_MAX) < SC_PATH_MAX);
	for (const char *part = path; part; part = strchr(part, '/')) {
		part++;
		must(strncmp(part, "..", 2) != 0 || (part[2] != '/' && part[2] != '\0'));
	}
	must(!plain || strcspn(path, ":,\\\n") == strlen(path));
}

static void must_be_sound(const struct sc_keep_spec *spec, size_t size)
{
	must(spec->host_id_base != 0 && spec->id_count > 1);
	must(size == sizeof *spec + spec->tree_count * sizeof(struct sc_tree));
	must_be_path(spec->root, true);
	must_be_path(spec->guest, true);
	must_be_path(spec->stage, true);
	if (spec->kind == SC_KEEP_NSJAIL)
		must_be_path(spec->nsjail, false);
	for (uint32_t i = 0; i < spec->tree_count; i++) {
		must_be_path(sc_spec_trees(spec)[i].source, true);
		must_be_path(sc_spec_trees(spec)[i].target, true);
	}
}

/* The way that a keep reads it gives the same answer. */
static void must_map_alike(const void *bytes, size_t size, unsigned broken)
{
	struct sc_failure failure = {0};
	int fd = memfd_create("spec", MFD_CLOEXEC);
	must(fd >= 0 && write(fd, bytes, size) == (ssize_t)size);
	const struct sc_keep_spec *spec = sc_map_spec(&failure, fd);
	close(fd);
	must((spec != NULL) == (broken == 0) && (spec || (failure.step == SC_STEP_spec && failure.index == broken)));
	if (spec)
		munmap((void *)spec, size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sc_failure failure = {0};
	if (size < sizeof(struct sc_keep_spec)) {
		must(!sc_map_spec(&failure, -1));
		return 0;
	}
	char *copy = exact_copy(data, size);
	const struct sc_keep_spec *spec = (const struct sc_keep_spec *)(const void *)copy;
	unsigned broken = sc_check_spec(spec, size);
	if (broken == 0)
		must_be_sound(spec, size);
	must_map_alike(copy, size, broken);
	free(copy);
	return 0;
}
