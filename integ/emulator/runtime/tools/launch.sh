# shellcheck shell=bash
# Runs one script in an instance's namespaces, as the first process of a process namespace of its own: when it ends, everything ends.
#
# $1 host name, $2 port of the door, $3 its token, $4 architecture, $5 working directory; then the command
mount -t tmpfs -o mode=755 tmpfs /run/emulator &&
  printf '%s\n' "$2" "$3" /run/host "$4" '' >/run/emulator/door || exit 126
hostname "$1" 2>/dev/null || { printf '%s' "$1" >/proc/sys/kernel/hostname; } 2>/dev/null
# Kernel settings are the host's.
mount -o remount,bind,ro /proc || exit 126
if ! cd "$5" 2>/dev/null; then
  printf 'chdir %s: no such file or directory\n' "$5" >&2
  exit 1
fi
unset OLDPWD
shift 5
"$@"
exit $?
