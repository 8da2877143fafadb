#!/usr/bin/env bash
# Fetches a .NET SDK that global.json accepts into .dotnet/, by Microsoft's own install script.
# SANDCASTLE_DOTNET_INSTALL_SCRIPT: another place (path or URL) of that script, for mirrors and for the test.
set -euo pipefail
# shellcheck source=eng/env.sh
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"

source=${SANDCASTLE_DOTNET_INSTALL_SCRIPT:-https://dot.net/v1/dotnet-install.sh}
script=$source
log=$(mktemp)
fetched=$(mktemp)
trap 'rm -f "$log" "$fetched"' EXIT

give_up() {
  cat "$log" >&2
  echo "No .NET 10 SDK was found and one could not be fetched by $source: install it (https://dotnet.microsoft.com/download) and try again." >&2
  exit 1
}

echo "Fetching a .NET SDK into .dotnet/"
case $source in
  *://*)
    curl -fsSL --retry 2 --max-time 60 -o "$fetched" "$source" 2>/dev/null || give_up
    script=$fetched
    ;;
  *) [ -r "$source" ] || give_up ;;
esac
channel=$(sed -n 's/.*"version": "\([0-9]*\.[0-9]*\).*/\1/p' "$root/global.json")
bash "$script" --channel "$channel" --install-dir "$root/.dotnet" --no-path </dev/null >"$log" 2>&1 || give_up
use_dotnet || give_up
