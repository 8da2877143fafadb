"""Prints the results of tests/Conformance: how the families of attacks ended on each profile, and without each wall."""

import collections
import re
import sys
import xml.etree.ElementTree as ElementTree


def cases(tests, method):
    """Arguments and element of each case of a theory."""
    for test in tests:
        if f".{method}(" in test.get("name"):
            yield re.findall(r'\w+: \\?"([^"\\]*)\\?"', test.get("name")), test


def row(*columns):
    print(f"{columns[0]:30}" + "".join(f"{column:>11}" for column in columns[1:]))


def ending(test):
    """As what a case counts, and the reason where it was skipped."""
    reason = (test.findtext("reason") or "").strip() if test.get("result") == "Skip" else ""
    if reason.startswith("not tried: "):
        return "not tried", reason.removeprefix("not tried: ")
    return {"Pass": "held", "Fail": "through", "Skip": "skipped"}[test.get("result")], reason


def print_profiles(tests):
    counts = collections.defaultdict(collections.Counter)
    reasons = collections.Counter()
    for (profile, family, _), test in cases(tests, "Attack_is_held"):
        end, reason = ending(test)
        counts[f"{family:12} {profile}"][end] += 1
        if reason:
            reasons[f"{profile}, {end}: {reason}"] += 1
    ends = ("held", "through", "skipped", "not tried")
    row("family       profile", *ends)
    for name, results in sorted(counts.items()):
        row(name, *(results[end] for end in ends))
    total = sum(counts.values(), collections.Counter())
    row("all", *(total[end] for end in ends))
    for reason, count in sorted(reasons.items()):
        print(f"{count:4} {reason}")


def print_walls(tests):
    """Got through / tried, of those attacks that a wall is marked to hold."""
    tried, through, skipped = collections.Counter(), collections.Counter(), collections.Counter()
    fewest = {}
    for (walls, family, name, ends), test in cases(tests, "Attack_without"):
        if ends != "through":
            continue
        if test.get("result") == "Skip":
            skipped[(test.findtext("reason") or "").strip()] += 1
            continue
        tried[walls, family] += 1
        if test.get("result") == "Pass":
            through[walls, family] += 1
            fewest[family, name] = min(fewest.get((family, name), 99), walls.count("+") + 1)
    families = sorted({family for _, family in tried})
    if tried:
        print("\nGot through / tried, with a wall taken away:")
        row("without", *families)
        for walls in sorted({walls for walls, _ in tried}, key=lambda walls: (walls.count("+"), walls)):
            row(walls, *(f"{through[walls, f]}/{tried[walls, f]}" if tried[walls, f] else "-" for f in families))
    for reason, count in sorted(skipped.items()):
        print(f"{count:4} skipped: {reason}")
    if tried:
        print_depth(tests, families, fewest)


def print_depth(tests, families, fewest):
    attacks = sorted({(family, name) for (_, family, name), _ in cases(tests, "Attack_is_held")})
    print("\nHeld by how many walls:")
    row("", *families)
    for label, wanted in (("one", lambda n: n == 1), ("two or more", lambda n: n > 1), ("more than one wall", lambda n: n == 0)):
        row(label, *(sum(wanted(fewest.get(a, 0)) for a in attacks if a[0] == f) for f in families))
    print("Held by more than one wall, whatever was taken away here, or not tried without what holds it:")
    for family in families:
        names = [name for f, name in attacks if f == family and (f, name) not in fewest]
        if names:
            print(f"  {family}: {' '.join(names)}")


def main():
    tests = list(ElementTree.parse(sys.argv[1]).iter("test"))
    print_profiles(tests)
    print_walls(tests)


main()
