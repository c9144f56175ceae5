#!/bin/bash
# Common part of every script that runs on a client; the script's own part follows it.
#
# Success: the last line of output is a JSON object. Failure: a line `cloudhsm-error <Code> <sentence>` on standard error, exit code 1.
# Without pipefail a call of aws that failed would pass for an empty answer.
set -u -o pipefail
umask 077
export LC_ALL=C PATH="$PATH:/usr/sbin:/sbin"

ROOT="${CLOUDHSM_ROOT:-/opt/cloudhsm}"
REGION="${AWS_SSM_REGION_NAME:-${AWS_REGION:-}}"
WORK=$(mktemp -d) || exit 1
# What still looks something up writes into the folder.
trap 'wait; rm -rf "$WORK"' EXIT

fail() {
  printf 'cloudhsm-error %s %s\n' "$1" "$2" >&2
  exit 1
}

# aws_text <arguments of the aws command>: text output, a missing value as nothing.
aws_text() {
  aws --region "$REGION" --output text "$@" | sed 's/^None$//'
}
