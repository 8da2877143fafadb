#!/usr/bin/env bash
# A minute of each of stress-ng's classes in a slot, a neighbour beside it, and what that did to the neighbour. The lines stay
# in artifacts/stress/report.md; SANDCASTLE_STRESS_SECONDS=N makes it N seconds a class.
set -euo pipefail
# shellcheck source=eng/env.sh
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"
use_dotnet

cd "$root"
mkdir -p artifacts/stress
export SANDCASTLE_HOME=$root SANDCASTLED=$root/bin/sandcastled
export SANDCASTLE_STRESS_SECONDS=${SANDCASTLE_STRESS_SECONDS:-60} SANDCASTLE_STRESS_REPORT=$root/artifacts/stress/report.md
cat >"$SANDCASTLE_STRESS_REPORT" <<END
| in the slot | stressors | ran | refused | failed or killed | outcome | neighbour's runs | p50 | p99 | p50 ÷ idle | p99 ÷ idle |
|---|---|---|---|---|---|---|---|---|---|---|
END
code=0
timeout --kill-after=10 1800 artifacts/bin/EndToEnd/release/EndToEnd --filter-class '*.StressTests' --progress off --no-ansi </dev/null || code=$?
cat "$SANDCASTLE_STRESS_REPORT"
exit "$code"
