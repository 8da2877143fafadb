/* Rules of one call that overlap are refused: libseccomp gives such programs another meaning, or never ends. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "../jail.h"
#include "check.h"

static struct sc_rule rule(uint32_t compare, uint64_t mask, uint64_t value)
{
	struct sc_rule rule = {.name = "socket", .action = SC_RULE_ALLOW, .condition_count = compare != 0};
	rule.conditions[0] = (struct sc_rule_condition){.argument = 1, .compare = compare, .mask = mask, .value = value};
	return rule;
}

static bool compile(struct sc_rule first, struct sc_rule second)
{
	const struct sc_rule rules[] = {first, second};
	int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
	int result = sc_compile_rules(rules, 2, nowhere);
	close(nowhere);
	return result == 0;
}

int main(void)
{
	const struct sc_rule always = rule(0, 0, 0), one = rule(SC_COMPARE_EQ, 0, 1), two = rule(SC_COMPARE_EQ, 0, 2);
	const struct sc_rule odd = rule(SC_COMPARE_MASKED_EQ, 1, 1), even = rule(SC_COMPARE_MASKED_EQ, 1, 0);
	const struct sc_rule low = rule(SC_COMPARE_LE, 0, 15), high = rule(SC_COMPARE_GE, 0, 16), other = rule(SC_COMPARE_NE, 0, 1);
	struct sc_rule elsewhere = always, longer = low, done = always, failing = always;
	strcpy(elsewhere.name, "connect");
	longer.conditions[0].value = 31;
	strcpy(done.name, "fsync");
	done.action = failing.action = SC_RULE_DONE;
	failing.error = 1;

	check("rules_of_two_calls_stand_beside_each_other", compile(always, elsewhere));
	check("rules_of_disjoint_values_stand_beside_each_other",
	      compile(one, two) && compile(odd, even) && compile(low, high) && compile(one, other) && compile(two, odd));
	check("rules_without_condition_stand_alone", !compile(always, always) && !compile(always, one) && !compile(one, always));
	check("rules_that_overlap_are_refused", !compile(one, odd) && !compile(one, low) && !compile(low, longer) &&
							!compile(two, other) && !compile(high, other) && !compile(odd, high));
	check("rule_that_only_seems_to_be_done_has_no_errno", compile(always, done) && !compile(elsewhere, failing));
	return failures > 0;
}
