"""Prints the families of attacks, by profile, from the results of tests/Conformance: held, got through, skipped."""

import collections
import re
import sys
import xml.etree.ElementTree as ElementTree

COLUMNS = (("Pass", "held"), ("Fail", "through"), ("Skip", "skipped"))


def main():
    counts = collections.defaultdict(collections.Counter)
    for test in ElementTree.parse(sys.argv[1]).iter("test"):
        attack = re.search(r'Attack_is_held\(profile: \\?"(\w+)\\?", family: \\?"(\w+)\\?"', test.get("name"))
        if attack:
            counts[attack[2], attack[1]][test.get("result")] += 1
    print(f"{'family':12} {'profile':8}" + "".join(f"{name:>9}" for _, name in COLUMNS))
    for (family, profile), results in sorted(counts.items()):
        print(f"{family:12} {profile:8}" + "".join(f"{results[result]:9}" for result, _ in COLUMNS))
    total = sum(counts.values(), collections.Counter())
    print(f"{'all':21}" + "".join(f"{total[result]:9}" for result, _ in COLUMNS))


main()
