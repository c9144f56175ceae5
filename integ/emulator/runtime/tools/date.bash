# The host's date, set to the instance's wall clock.
emulator_real date || exit
real=$REPLY
now=$(emulator_call date && printf x)
now=${now%x}
seconds=${now%%.*}
given=
for argument in "$@"; do
  case $argument in
    -d | --date | -f | --file | -r | --reference | -s | --set) given=$argument ;;
    -d* | --date=* | -f* | --file=* | -r* | --reference=* | --set=*) given=$argument ;;
  esac
done
if [ -z "$given" ]; then
  if "$real" --version >/dev/null 2>&1; then exec "$real" --date="@$now" "$@"; fi
  exec "$real" -r "$seconds" "$@"
fi

# A date that is relative to now is counted from the instance's now.
base=$("$real" -u --date="@$now" '+%F %T.%N UTC')
arguments=()
next=
for argument in "$@"; do
  value=
  if [ -n "$next" ]; then
    value=$argument
    next=
  else
    case $argument in
      -d | --date) next=1; continue ;;
      -d*) value=${argument#-d} ;;
      --date=*) value=${argument#--date=} ;;
      *) arguments+=("$argument"); continue ;;
    esac
  fi
  relative=1
  for word in ${value,,}; do
    case $word in
      now | today | tomorrow | yesterday | ago | next | last | [+-]*[0-9]* | [0-9] | [0-9][0-9] | [0-9][0-9][0-9] | [0-9][0-9][0-9][0-9]* | \
        sec* | min* | hour* | day* | week* | fortnight* | month* | year*) ;;
      *) relative= ;;
    esac
    case $word in *-*-* | *:* | @*) relative= ;; esac
  done
  [ -n "$relative" ] && value="$base $value"
  arguments+=("--date=$value")
done
exec "$real" "${arguments[@]}"
