# timeout(1) in emulated time: the command and a sleep of the emulator race.
signal=TERM
kill_after=
preserve=
while [ $# -gt 0 ]; do
  case $1 in
    -s | --signal) signal=$2; shift 2 ;;
    -s*) signal=${1#-s}; shift ;;
    --signal=*) signal=${1#*=}; shift ;;
    -k | --kill-after) kill_after=$2; shift 2 ;;
    -k*) kill_after=${1#-k}; shift ;;
    --kill-after=*) kill_after=${1#*=}; shift ;;
    --preserve-status | -p) preserve=1; shift ;;
    --foreground | -f | --verbose | -v) shift ;;
    --) shift; break ;;
    -*) printf "timeout: unrecognized option '%s'\n" "$1" >&2; exit 125 ;;
    *) break ;;
  esac
done
if [ $# -lt 2 ]; then
  printf 'timeout: missing operand\n' >&2
  exit 125
fi
limit=$1
shift
exec 7<&0
"$@" <&7 7<&- &
command=$!
exec 7<&-
( emulator_call sleep "$limit" ) </dev/null >/dev/null 2>&1 &
sleeper=$!
wait -n "$command" "$sleeper"
if kill -0 "$command" 2>/dev/null && ! kill -0 "$sleeper" 2>/dev/null; then
  emulator_kill() { # signal: the command and its descendants
    local pid=$1 child
    local -a children=()
    { read -r -a children <"/proc/$pid/task/$pid/children"; } 2>/dev/null
    for child in "${children[@]}"; do emulator_kill "$child" "$2"; done
    kill -s "$2" "$pid" 2>/dev/null
  }
  emulator_kill "$command" "${signal#SIG}"
  if [ -n "$kill_after" ]; then
    ( emulator_call sleep "$kill_after"; kill -s KILL "$command" 2>/dev/null ) </dev/null >/dev/null 2>&1 &
    sleeper=$!
  fi
  wait "$command" 2>/dev/null
  code=$?
  kill "$sleeper" 2>/dev/null
  [ -n "$preserve" ] && exit "$code"
  [ "$code" = 137 ] && exit 137
  exit 124
fi
wait "$command" 2>/dev/null
code=$?
kill "$sleeper" 2>/dev/null
exit "$code"
