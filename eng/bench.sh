#!/usr/bin/env bash
# Runs the benchmark program against what `make build` made; results go to artifacts/bench/.
set -euo pipefail
# shellcheck source=eng/env.sh
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"
use_dotnet

cd "$root"
mkdir -p artifacts/bench
export PATH="$root/bin:$PATH" SANDCASTLED=$root/bin/sandcastled
exec artifacts/bin/Sandcastle.Bench/release/Sandcastle.Bench "$@"
