#!/usr/bin/env bash
# The judge is judged: what eng/sum_tests.py makes of passes, failures, skips, crashes and silence.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# judge NAME EXPECTED_LAST_LINE EXPECTED_EXIT, after $work/results was filled.
judge() {
  local said code=0
  said=$(/usr/bin/python3 "$root/eng/sum_tests.py" "$work/results") || code=$?
  if [ "$(tail -n 1 <<<"$said")" = "$2" ] && [ "$code" = "$3" ]; then
    echo "ok $1"
  else
    echo "not ok $1"
    printf '# exit code %s\n' "$code"
    printf '# %s\n' "$said" | sed 's/^\(not ok\|ok\|skip\) /# &/'
  fi
  rm -rf "$work/results"
}

# ran NAME EXIT LINE…: a script of that name printed these lines and ended with that code.
ran() {
  local name=$1 code=$2
  shift 2
  mkdir -p "$work/results"
  printf '%s\n' "$@" >"$work/results/$name.lines"
  echo "$code" >"$work/results/$name.exit"
}

ran one 0 'ok a' 'noise' 'skip b no reason to' 'ok c'
judge lines_are_counted '2 passed, 0 failed, 1 skipped' 0

ran one 1 'ok a' 'not ok b'
judge failed_line_fails '1 passed, 1 failed, 0 skipped' 1

ran one 0 'ok a'
ran two 3 'ok b'
judge bad_exit_without_a_failed_line_is_a_failure '2 passed, 1 failed, 0 skipped' 1

ran one 0 'ok a'
ran two 0 'hello'
judge silent_script_is_a_failure '1 passed, 1 failed, 0 skipped' 1

mkdir -p "$work/results"
echo 134 >"$work/results/crashed.exit"
judge program_that_crashed_is_a_failure '0 passed, 1 failed, 0 skipped' 1

ran one 0 'skip a never'
judge nothing_but_skips_is_no_success '0 passed, 0 failed, 1 skipped' 1

mkdir -p "$work/results"
echo 2 >"$work/results/units.exit"
cat >"$work/results/units.xml" <<'END'
<assemblies><assembly><errors><error type="test-class-cleanup" name="C"><failure><message>m</message></failure></error></errors>
<collection><test name="a" result="Pass"/><test name="b" result="Fail"/><test name="d" result="NotRun"/>
<test name="c" result="Skip"><reason><![CDATA[not here]]></reason></test></collection></assembly></assemblies>
END
judge xunit_report_is_counted '1 passed, 2 failed, 1 skipped' 1
