/* check.h: the lines that the test runner sums. */
#ifndef SANDCASTLE_CHECK_H
#define SANDCASTLE_CHECK_H

#include <stdbool.h>
#include <stdio.h>

static int failures;

__attribute__((unused)) static void check(const char *name, bool holds)
{
	printf("%s %s\n", holds ? "ok" : "not ok", name);
	if (!holds)
		failures++;
}

#endif
