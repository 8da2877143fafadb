"""Prints the families of attacks, by profile, from the results of tests/Conformance: held, got through, skipped and why."""

import collections
import re
import sys
import xml.etree.ElementTree as ElementTree

COLUMNS = (("Pass", "held"), ("Fail", "through"), ("Skip", "skipped"))


def cases(tests, method):
    """Arguments and element of each case of a theory."""
    for test in tests:
        if f".{method}(" in test.get("name"):
            yield re.findall(r'\w+: \\?"([^"\\]*)\\?"', test.get("name")), test


def print_profiles(tests):
    counts = collections.defaultdict(collections.Counter)
    reasons = collections.Counter()
    for (profile, family, _), test in cases(tests, "Attack_is_held"):
        counts[family, profile][test.get("result")] += 1
        if test.get("result") == "Skip":
            reasons[profile, (test.findtext("reason") or "").strip()] += 1
    print(f"{'family':12} {'profile':10}" + "".join(f"{name:>9}" for _, name in COLUMNS))
    for (family, profile), results in sorted(counts.items()):
        print(f"{family:12} {profile:10}" + "".join(f"{results[result]:9}" for result, _ in COLUMNS))
    total = sum(counts.values(), collections.Counter())
    print(f"{'all':23}" + "".join(f"{total[result]:9}" for result, _ in COLUMNS))
    for (profile, reason), count in sorted(reasons.items()):
        print(f"{profile}: {count} skipped: {reason}")


def main():
    tests = list(ElementTree.parse(sys.argv[1]).iter("test"))
    print_profiles(tests)


main()
