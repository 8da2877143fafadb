#!/usr/bin/env bash
# Tries every attack of tests/Conformance and prints how each family ended, by profile.
# Below that stands, for each wall of the jail, what got through where it was taken away. PROFILES=fork,gvisor tries those profiles
# alone; SANDCASTLE_WALLS=all (or seccomp,pid+user) tries every attack, or those of SANDCASTLE_FAMILIES, without every wall. Arguments go to
# the test program.
set -euo pipefail
# shellcheck source=eng/env.sh
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"
use_dotnet

cd "$root"
results=$root/artifacts/conformance
mkdir -p "$results"
export SANDCASTLE_HOME=$root SANDCASTLED=$root/bin/sandcastled SANDCASTLE_PROFILES=${PROFILES:-${SANDCASTLE_PROFILES:-}}
code=0
timeout --kill-after=10 3600 artifacts/bin/Conformance/release/Conformance --progress off --no-ansi --results-directory "$results" \
  --report-xunit-xml --report-xunit-xml-filename conformance.xml "$@" </dev/null || code=$?
/usr/bin/python3 eng/conformance_table.py "$results/conformance.xml"
exit "$code"
