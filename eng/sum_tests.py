"""Sums what eng/test.sh left in a directory: NAME.xml (xunit) or NAME.lines, and NAME.exit beside each.

Prints every skip with its reason and every failure with the beginning of its message, then
`N passed, N failed, N skipped`; exits 1 on a failure and when no test ran at all.
"""

import collections
import pathlib
import sys
import xml.etree.ElementTree as ElementTree

MESSAGE_LINES = 12

Test = collections.namedtuple("Test", "outcome name reason message", defaults=("",))


def from_xml(path):
    for test in ElementTree.parse(path).iter("test"):
        outcome = {"Pass": "passed", "Skip": "skipped", "NotRun": None}.get(test.get("result"), "failed")
        if outcome:
            message = (test.findtext("failure/message") or "").strip()
            yield Test(outcome, test.get("name"), (test.findtext("reason") or "").strip(), message)
    # A collection or fixture that broke outside any test.
    for error in ElementTree.parse(path).iter("error"):
        yield Test("failed", error.get("name") or error.get("type"), (error.findtext("failure/message") or "").strip())


def from_lines(path):
    for line in path.read_text(errors="replace").splitlines():
        if line.startswith("ok "):
            yield Test("passed", line[3:], "")
        elif line.startswith("not ok "):
            yield Test("failed", line[7:], "")
        elif line.startswith("skip "):
            name, _, reason = line[5:].partition(" ")
            yield Test("skipped", name, reason)


def collect(results):
    for ended in sorted(results.glob("*.exit")):
        code = ended.read_text().strip()
        xml, lines = ended.with_suffix(".xml"), ended.with_suffix(".lines")
        tests = list(from_lines(lines) if lines.exists() else from_xml(xml) if xml.exists() else ())
        yield from (test._replace(name=f"{ended.stem}: {test.name}") for test in tests)
        if code != "0" and not any(test.outcome == "failed" for test in tests):
            yield Test("failed", ended.stem, f"ended with exit code {code}")
        elif lines.exists() and not tests:
            yield Test("failed", ended.stem, "reported no test")


def main():
    tests = list(collect(pathlib.Path(sys.argv[1])))
    for outcome in ("skipped", "failed"):
        for test in tests:
            if test.outcome == outcome:
                print(f"{outcome} {test.name}" + (f" ({test.reason})" if test.reason else ""))
                for line in test.message.splitlines()[:MESSAGE_LINES]:
                    print(f"    {line[:300]}")
    count = collections.Counter(test.outcome for test in tests)
    line = f"{count['passed']} passed, {count['failed']} failed, {count['skipped']} skipped"
    (pathlib.Path(sys.argv[1]) / "summary").write_text(line + "\n")
    print(line)
    return 1 if count["failed"] or not count["passed"] else 0


if __name__ == "__main__":
    sys.exit(main())
