# The host's sha256sum. An intact file of the package catalogue has the sum that AWS publishes for it: the emulated package is not
# the real one, but scripts that pin a sum must be able to check it. `sums` holds lines of true and published sum.
emulator_real sha256sum || exit
real=$REPLY
sums=${BASH_SOURCE[0]%/*}/sums
check=
for argument in "$@"; do
  case $argument in -c | --check) check=1 ;; --) break ;; -*c*) case $argument in --*) ;; *) check=1 ;; esac ;; esac
done
translate() { # from which column to which
  local text true_sum published
  text=$(cat; printf x)
  text=${text%x}
  while read -r true_sum published; do
    if [ "$1" = published ]; then text=${text//"$published"/$true_sum}; else text=${text//"$true_sum"/$published}; fi
  done <"$sums"
  printf '%s' "$text"
}
if [ -z "$check" ]; then
  output=$("$real" "$@"; printf 'x%s' $?)
  code=${output##*x}
  printf '%s' "${output%x*}" | translate true
  exit "$code"
fi
options=()
lists=()
for argument in "$@"; do
  case $argument in -?*) options+=("$argument") ;; *) lists+=("$argument") ;; esac
done
[ ${#lists[@]} -eq 0 ] && lists=(-)
cat -- "${lists[@]}" | translate published | "$real" "${options[@]}" -
