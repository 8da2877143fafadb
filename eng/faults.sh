#!/usr/bin/env bash
# Runs one of the fault suites by itself, `chaos`, `soak`, `receipts` or `conservation`; what it found is printed and stays in artifacts/faults/.
set -euo pipefail
# shellcheck source=eng/env.sh
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"
use_dotnet

case ${1:-} in
  chaos) tests='*.RandomDeathTests' ;;
  soak) tests='*.SoakTests' ;;
  receipts) tests='*.Receipts.*' ;;
  conservation) tests='*.ConservationTests' ;;
  *)
    echo "usage: eng/faults.sh chaos|soak|receipts|conservation" >&2
    exit 2
    ;;
esac

cd "$root"
export SANDCASTLE_HOME=$root SANDCASTLED=$root/bin/sandcastled
exec artifacts/bin/Faults/release/Faults --filter-class "$tests" --progress off --no-ansi --results-directory artifacts/faults </dev/null
