#!/usr/bin/env bash
# Builds every project in Release, the clients natively, and fills bin/.
set -euo pipefail
# shellcheck source=eng/env.sh
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"
use_dotnet

cd "$root"
# One compiler for all projects, whatever the environment says of that: it loads itself and its analyzers once, not thirty times, which is
# 40 % of the processor time of a build. It is of this script alone, and ends with it.
compiler=sandcastle-$$
one_compiler=(-p:UseSharedCompilation=true "-p:SharedCompilationId=$compiler")
end_compiler() {
  dotnet "$DOTNET_ROOT/sdk/$(dotnet --version)/Roslyn/bincore/VBCSCompiler.dll" -shutdown "-pipename:$compiler" </dev/null >/dev/null
}
trap end_compiler EXIT

build Sandcastle.slnx -restore "${one_compiler[@]}"
# Restored above; restoring for one runtime would write that runtime into the lock files of what the clients refer to. Analyzers have
# seen these sources above, too.
dotnet publish eng/clients.proj -c Release -r linux-x64 --no-restore -v quiet -p:RunAnalyzers=false "${one_compiler[@]}" </dev/null
eng/launcher.sh
ln -sf ../artifacts/publish/Sandcastle.Cli/release_linux-x64/sandcastle bin/sandcastle
ln -sf ../artifacts/publish/Sandcastle.Kubectl/release_linux-x64/kubectl-sandcastle bin/kubectl-sandcastle
