/* strings: argc, envc and text, as they stand in every message that has strings. */
#include "input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint32_t counts[2];
	if (size < sizeof counts)
		return 0;
	memcpy(counts, data, sizeof counts);
	size -= sizeof counts;
	char *text = exact_copy(data + sizeof counts, size);
	char **items = sc_split_strings(text, size, counts[0], counts[1]);
	if (items)
		must_be_strings(items, text, size, counts[0], counts[1]);
	free(items);
	free(text);
	return 0;
}
