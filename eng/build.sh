#!/usr/bin/env bash
# Builds every project in Release, the client natively, and fills bin/.
set -euo pipefail
# shellcheck source=eng/env.sh
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"
use_dotnet

cd "$root"
build Sandcastle.slnx -restore
# Restored above; restoring for one runtime would write that runtime into the lock files of what the client refers to.
dotnet publish src/Sandcastle.Cli -c Release -r linux-x64 --no-restore -v quiet </dev/null
eng/launcher.sh
ln -sf ../artifacts/publish/Sandcastle.Cli/release_linux-x64/sandcastle bin/sandcastle
