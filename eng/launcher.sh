#!/usr/bin/env bash
# Writes bin/sandcastled: starts the Release build of the daemon with the runtime that built it.
# It hands the daemon SANDCASTLE_HOME, the directory that has artifacts/native, guest, policy and templates.
set -euo pipefail
# shellcheck source=eng/env.sh
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"
use_dotnet

mkdir -p "$root/bin"
cat >"$root/bin/sandcastled.new" <<END
#!/bin/sh
here=\$(dirname "\$(readlink -f "\$0")")
export SANDCASTLE_HOME="\${SANDCASTLE_HOME:-\${here%/*}}"
export DOTNET_ROOT="\${DOTNET_ROOT:-$DOTNET_ROOT}"
exec "\${here%/*}/artifacts/bin/Sandcastle.Daemon/release/sandcastled" "\$@"
END
chmod +x "$root/bin/sandcastled.new"
mv "$root/bin/sandcastled.new" "$root/bin/sandcastled"
