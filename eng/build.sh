#!/usr/bin/env bash
# Builds every project in Release, the clients natively, and fills bin/.
set -euo pipefail
# shellcheck source=eng/env.sh
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"
use_dotnet

cd "$root"
build Sandcastle.slnx -restore
# Restored above; restoring for one runtime would write that runtime into the lock files of what the clients refer to.
for client in Cli Kubectl; do
  dotnet publish "src/Sandcastle.$client" -c Release -r linux-x64 --no-restore -v quiet </dev/null
done
eng/launcher.sh
ln -sf ../artifacts/publish/Sandcastle.Cli/release_linux-x64/sandcastle bin/sandcastle
ln -sf ../artifacts/publish/Sandcastle.Kubectl/release_linux-x64/kubectl-sandcastle bin/kubectl-sandcastle
