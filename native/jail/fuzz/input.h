/*
 * input.h: what the fuzz targets share. A target looks at a copy on the heap, of exactly the right size, so that a read
 * beyond its end is seen; and it looks at all that a parser gives out, so that what is given is there. A property that
 * does not hold ends the process, and libFuzzer keeps the input.
 */
#ifndef SANDCASTLE_INPUT_H
#define SANDCASTLE_INPUT_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../jail.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

__attribute__((unused)) static void must(bool holds)
{
	if (!holds)
		abort();
}

/* Aligned as a message in a process' own buffer is. */
__attribute__((unused)) static char *exact_copy(const uint8_t *data, size_t size)
{
	char *copy = malloc(size ? size : 1);
	must(copy != NULL);
	if (size > 0)
		memcpy(copy, data, size);
	return copy;
}

/* A message is preceded by one byte: how many descriptors came with it. */
__attribute__((unused)) static unsigned take_count(const uint8_t **data, size_t *size)
{
	if (*size == 0)
		return 0;
	unsigned count = **data % (SC_FDS_MAX + 1);
	++*data, --*size;
	return count;
}

/* Every string ends where the next begins, the first at the start, the last at the end; NULL stands behind each list. */
__attribute__((unused)) static void must_be_strings(char **items, const char *text, size_t length, uint32_t argc, uint32_t envc)
{
	const char *at = text;
	for (size_t i = 0; i < (size_t)argc + envc; i++) {
		const char *item = items[i < argc ? i : i + 1];
		must(item == at && item < text + length);
		at += strlen(item) + 1;
	}
	must(at == text + length && items[argc] == NULL && items[(size_t)argc + envc + 1] == NULL);
}

#endif
