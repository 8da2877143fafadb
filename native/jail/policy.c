/*
 * policy.c: `sandcastle-jail policy`, the compiler from seccomp rules to BPF, and `sandcastle-jail numbers`, which tells
 * the worker what the calls of this machine are numbered, for renderings that cannot go by names (KafelPolicy.cs).
 *
 * It runs once per start of the worker, before there is any guest: an array of struct sc_rule comes in on stdin, the
 * finished program goes out on stdout, and every slot installs those same bytes. What no rule speaks of answers ENOSYS,
 * so that a libc newer than the policy falls back to older calls; a call of another architecture (i386 by int 0x80, x32
 * by its number) kills the process, since its numbers mean other things than the rules say.
 *
 * Rules of one call must not overlap, and an unconditional rule stands alone: libseccomp (2.5.4) orders overlapping rules
 * in its own way, drops conditional ones beside an unconditional one, and with some never ends. The worker writes them so
 * (SeccompRules.cs), and here they are looked at once more.
 *
 * A name that libseccomp knows but this architecture lacks (open on aarch64) is skipped. A name that it does not know
 * at all is skipped with a warning: the policy is newer than the library, or misspelt; both end in ENOSYS, the safe side.
 */
#include <errno.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "jail.h"

enum { RULES_MAX = 4096, ERRNO_MAX = 4095, ARGUMENTS = 6, NUMBERS_END = 1024 };

static int complain(size_t index, const char *name, const char *what)
{
	fprintf(stderr, "error: rule %zu (%.*s): %s\n", index, SC_NAME_MAX, name, what);
	return -1;
}

/* Reads whole rules until the end of file; the count, or -1. */
static ssize_t read_rules(struct sc_rule *rules)
{
	const size_t capacity = RULES_MAX * sizeof *rules;
	size_t filled = 0;

	for (;;) {
		ssize_t got = read(STDIN_FILENO, (char *)rules + filled, capacity - filled);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			fprintf(stderr, "error: read: %s\n", strerrorname_np(errno));
			return -1;
		}
		if (got == 0)
			break;
		filled += (size_t)got;
		if (filled == capacity) {
			fprintf(stderr, "error: %d rules or more\n", RULES_MAX);
			return -1;
		}
	}
	if (filled == 0 || filled % sizeof *rules != 0) {
		fprintf(stderr, "error: %zu bytes are not a number of rules of %zu bytes\n", filled, sizeof *rules);
		return -1;
	}
	return (ssize_t)(filled / sizeof *rules);
}

static const char *condition_fault(const struct sc_rule_condition *condition)
{
	if (condition->argument >= ARGUMENTS)
		return "no such argument";
	switch (condition->compare) {
	case SC_COMPARE_MASKED_EQ:
		return (condition->value & ~condition->mask) != 0 ? "value outside its mask" : NULL;
	case SC_COMPARE_EQ:
	case SC_COMPARE_NE:
	case SC_COMPARE_LE:
	case SC_COMPARE_GE:
		return condition->mask != 0 ? "mask without a masked comparison" : NULL;
	default:
		return "no such comparison";
	}
}

static const char *conditions_fault(const struct sc_rule *rule)
{
	unsigned seen = 0;

	for (uint32_t i = 0; i < rule->condition_count; i++) {
		const char *fault = condition_fault(&rule->conditions[i]);
		if (fault != NULL)
			return fault;
		unsigned bit = 1u << rule->conditions[i].argument;
		if ((seen & bit) != 0)
			return "two conditions on one argument";
		seen |= bit;
	}
	return NULL;
}

static const char *rule_fault(const struct sc_rule *rule)
{
	if (rule->name[0] == '\0' || memchr(rule->name, '\0', sizeof rule->name) == NULL)
		return "no name, or one that does not end";
	if (rule->action < SC_RULE_ALLOW || rule->action > SC_RULE_DONE)
		return "no such action";
	if (rule->action == SC_RULE_ERRNO ? (rule->error < 1 || rule->error > ERRNO_MAX) : rule->error != 0)
		return "no such errno, or one that its action does not take";
	if (rule->reserved != 0)
		return "reserved is not 0";
	if (rule->condition_count > sizeof rule->conditions / sizeof rule->conditions[0])
		return "too many conditions";
	return conditions_fault(rule);
}

/* A comparison as what it leaves of the register: the bits that are fixed (EQ: all), and the bounds. NE leaves all but one. */
static uint64_t mask_of(const struct sc_rule_condition *condition)
{
	if (condition->compare == SC_COMPARE_EQ)
		return UINT64_MAX;
	return condition->compare == SC_COMPARE_MASKED_EQ ? condition->mask : 0;
}

static uint64_t least_of(const struct sc_rule_condition *condition)
{
	return mask_of(condition) != 0 || condition->compare == SC_COMPARE_GE ? condition->value : 0;
}

static uint64_t most_of(const struct sc_rule_condition *condition)
{
	if (condition->compare == SC_COMPARE_LE)
		return condition->value;
	return mask_of(condition) != 0 ? condition->value | ~mask_of(condition) : UINT64_MAX;
}

/* No register meets both. */
static bool exclude(const struct sc_rule_condition *a, const struct sc_rule_condition *b)
{
	if (a->argument != b->argument)
		return false;
	if ((a->compare == SC_COMPARE_NE) != (b->compare == SC_COMPARE_NE))
		return a->value == b->value && (mask_of(a) | mask_of(b)) == UINT64_MAX;
	if (((a->value ^ b->value) & mask_of(a) & mask_of(b)) != 0)
		return true;
	return most_of(a) < least_of(b) || most_of(b) < least_of(a);
}

static bool overlap(const struct sc_rule *a, const struct sc_rule *b)
{
	if (strcmp(a->name, b->name) != 0)
		return false;
	for (uint32_t i = 0; i < a->condition_count; i++)
		for (uint32_t j = 0; j < b->condition_count; j++)
			if (exclude(&a->conditions[i], &b->conditions[j]))
				return false;
	return true;
}

/* All faults at once; how many. */
static unsigned check_rules(const struct sc_rule *rules, size_t count)
{
	unsigned faults = 0;

	for (size_t i = 0; i < count; i++) {
		const char *fault = rule_fault(&rules[i]);
		if (fault != NULL)
			faults++, complain(i, rules[i].name, fault);
	}
	if (faults > 0)
		return faults;
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < i; j++)
			if (overlap(&rules[j], &rules[i]))
				faults++, complain(i, rules[i].name, "overlaps another rule of its call");
	return faults;
}

static uint32_t action_of(const struct sc_rule *rule)
{
	switch (rule->action) {
	case SC_RULE_ALLOW:
		return SCMP_ACT_ALLOW;
	case SC_RULE_ERRNO:
		return SCMP_ACT_ERRNO((uint32_t)rule->error);
	case SC_RULE_DONE:
		return SCMP_ACT_ERRNO(0);
	default:
		return SCMP_ACT_KILL_PROCESS;
	}
}

static struct scmp_arg_cmp comparison_of(const struct sc_rule_condition *condition)
{
	static const enum scmp_compare compare[] = {
		[SC_COMPARE_EQ] = SCMP_CMP_EQ, [SC_COMPARE_NE] = SCMP_CMP_NE, [SC_COMPARE_MASKED_EQ] = SCMP_CMP_MASKED_EQ,
		[SC_COMPARE_LE] = SCMP_CMP_LE, [SC_COMPARE_GE] = SCMP_CMP_GE,
	};
	bool masked = condition->compare == SC_COMPARE_MASKED_EQ;

	return (struct scmp_arg_cmp){
		.arg = condition->argument,
		.op = compare[condition->compare],
		.datum_a = masked ? condition->mask : condition->value,
		.datum_b = masked ? condition->value : 0,
	};
}

static int add_rule(scmp_filter_ctx filter, const struct sc_rule *rule, size_t index)
{
	struct scmp_arg_cmp comparisons[sizeof rule->conditions / sizeof rule->conditions[0]];
	int number = seccomp_syscall_resolve_name(rule->name);
	if (number == __NR_SCMP_ERROR) {
		fprintf(stderr, "warning: rule %zu (%s): unknown call\n", index, rule->name);
		return 0;
	}
	if (number < 0) /* a pseudo number: known elsewhere, absent on this architecture */
		return 0;

	for (uint32_t i = 0; i < rule->condition_count; i++)
		comparisons[i] = comparison_of(&rule->conditions[i]);
	int result = seccomp_rule_add_exact_array(filter, action_of(rule), number, rule->condition_count, comparisons);
	return result < 0 ? complain(index, rule->name, strerrorname_np(-result)) : 0;
}

static int set_attributes(scmp_filter_ctx filter)
{
	static const struct {
		enum scmp_filter_attr attribute;
		uint32_t value;
		const char *name;
	} wanted[] = {
		{ SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS, "bad architecture" },
		{ SCMP_FLTATR_CTL_NNP, 0, "no_new_privs" },  /* set by who installs the program */
		{ SCMP_FLTATR_CTL_OPTIMIZE, 2, "optimize" }, /* binary search by number instead of a chain of tests */
	};

	for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
		int result = seccomp_attr_set(filter, wanted[i].attribute, wanted[i].value);
		if (result < 0) {
			fprintf(stderr, "error: attribute %s: %s\n", wanted[i].name, strerrorname_np(-result));
			return -1;
		}
	}
	return 0;
}

static int build(scmp_filter_ctx filter, const struct sc_rule *rules, size_t count, int out)
{
	int faults = 0;

	if (check_rules(rules, count) > 0 || set_attributes(filter) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		faults += add_rule(filter, &rules[i], i) < 0;
	if (faults > 0)
		return -1;

	int result = seccomp_export_bpf(filter, out);
	if (result < 0)
		fprintf(stderr, "error: export: %s\n", strerrorname_np(-result));
	return result;
}

int sc_compile_rules(const struct sc_rule *rules, size_t count, int out)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
	int result = -1;

	if (filter == NULL)
		fputs("error: libseccomp gives no filter\n", stderr);
	else
		result = build(filter, rules, count, out);
	seccomp_release(filter);
	return result;
}

int sc_policy_main(void)
{
	struct sc_rule *rules = calloc(RULES_MAX, sizeof *rules);
	int result = -1;

	if (rules == NULL) {
		fputs("error: no memory for rules\n", stderr);
	} else {
		ssize_t count = read_rules(rules);
		if (count > 0)
			result = sc_compile_rules(rules, (size_t)count, STDOUT_FILENO);
	}
	free(rules);
	return result < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

int sc_numbers_main(void)
{
	for (int number = 0; number < NUMBERS_END; number++) {
		char *name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, number);
		if (name != NULL)
			printf("%s %d\n", name, number);
		free(name);
	}
	if (fflush(stdout) == 0)
		return EXIT_SUCCESS;
	fprintf(stderr, "error: write: %s\n", strerrorname_np(errno));
	return EXIT_FAILURE;
}
