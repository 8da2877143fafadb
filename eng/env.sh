# shellcheck shell=bash
# Sourced by every script here: where the repository is, and which .NET SDK builds it.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# The SDK would ask for ICU, which a small machine does not have and nothing here needs.
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1

# Does this dotnet have an SDK that global.json accepts? It reads global.json from the working directory.
fits() { (cd "$root" && "$1" --version) >/dev/null 2>&1; }

# A Release build that prints nothing but what is wrong (`dotnet build` cannot be kept from summing up).
build() { dotnet msbuild "$@" -m -p:Configuration=Release -v:quiet -nologo </dev/null; }

# Puts the SDK to use first in PATH: the one already there when it fits, else the one fetched into .dotnet/.
use_dotnet() {
  local found
  if ! { found=$(command -v dotnet) && fits "$found"; }; then
    found=$root/.dotnet/dotnet
    [ -x "$found" ] && fits "$found" || return 1
    PATH=$root/.dotnet:$PATH
  fi
  # What is built starts through this, wherever the SDK lives.
  DOTNET_ROOT=$(dirname "$(readlink -f "$found")")
  export PATH DOTNET_ROOT
}
