#!/usr/bin/env bash
# Installs gVisor's runsc for profile gvisor: from the release's backports, since the release's own is too old to pass on descriptors.
# Where those are is derived from this machine's own apt sources, for this one call; its sources stay as they are.
set -euo pipefail
# shellcheck source=eng/env.sh
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"

log=$root/artifacts/runsc.log
skip() {
  echo "runsc is not installed, profile gvisor stays unavailable: $*" >&2
  exit 0
}

if command -v runsc >/dev/null; then exit; fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then skip 'that takes root, and apt'; fi
# The debian archive that the machine uses, by the first suite that is not one of security's or of updates.
# shellcheck disable=SC2016 # apt's own variables
source=$(apt-get indextargets --format '$(REPO_URI) $(CODENAME) $(SUITE)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian' |
  awk '$3 !~ /backports|updates|security/ {print; exit}')
read -r uri codename _ <<<"$source" || true
[ -n "${codename:-}" ] || skip 'no Debian archive among the apt sources'

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$root/artifacts" "$work/parts"
cp -r /etc/apt/sources.list.d/. "$work/parts/" 2>/dev/null || true
if [ -e /etc/apt/sources.list ]; then cp /etc/apt/sources.list "$work/parts/own.list"; fi
key=/usr/share/keyrings/debian-archive-keyring.gpg
if [ -r "$key" ]; then option="[signed-by=$key] "; fi
printf 'deb %s%s %s-backports main\n' "${option:-}" "$uri" "$codename" >"$work/sources.list"
apt=(apt-get -o "Dir::Etc::SourceList=$work/sources.list" -o "Dir::Etc::SourceParts=$work/parts" -o APT::Get::List-Cleanup=false)
export DEBIAN_FRONTEND=noninteractive
echo "Installing runsc from $codename-backports"
"${apt[@]}" update </dev/null >"$log" 2>&1 || true
"${apt[@]}" install -y --no-install-recommends -t "$codename-backports" runsc </dev/null >>"$log" 2>&1 ||
  skip "apt-get could not install it; its log is artifacts/runsc.log"
