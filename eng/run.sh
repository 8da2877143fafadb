#!/usr/bin/env bash
# The example, from source to receipt, without a native build: the client starts a daemon of its own.
set -euo pipefail
# shellcheck source=eng/env.sh
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"
use_dotnet

cd "$root"
for project in Daemon Cli; do
  build "src/Sandcastle.$project" -restore
done
eng/launcher.sh
export SANDCASTLED=$root/bin/sandcastled
exec artifacts/bin/Sandcastle.Cli/release/sandcastle run -v "${@:-examples/hello.py}"
