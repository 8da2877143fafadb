"""Prints what the virtual machine of eng/test-v2.sh reported, as the lines that eng/test.sh sums; exits 1 on a failure."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
from sum_tests import collect  # noqa: E402


def main():
    tests = list(collect(pathlib.Path(sys.argv[1])))
    for test in tests:
        # Names of tests tell their program already.
        program, _, name = test.name.partition(": ")
        if test.outcome == "skipped":
            print("skip", name.replace(" ", "_"), test.reason)
        elif test.outcome == "passed":
            print("ok", name)
        else:
            print("not ok", name or f"{program} {test.reason}")
    return any(test.outcome == "failed" for test in tests)


sys.exit(main())
