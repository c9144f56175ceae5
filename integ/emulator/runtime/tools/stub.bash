# What every tool on an instance's PATH does: tell the emulator how it was called, and act on the answer.
# Sourced by the tool's own file, with its name in EMULATOR_TOOL. No program is started on the usual way: a call costs a few
# milliseconds. The frames are described in src/compute/tools/frames.ts.

{
  read -r emulator_port
  read -r emulator_token
  read -r emulator_host
  read -r emulator_architecture
  read -r emulator_root
} <"${EMULATOR_DOOR:-/run/emulator/door}"

# The host's own program of a name.
emulator_real() {
  local folder
  for folder in usr/bin bin usr/sbin sbin usr/local/bin opt/homebrew/bin; do
    if [ -x "$emulator_host/$folder/$1" ] && [ ! -d "$emulator_host/$folder/$1" ]; then
      REPLY=$emulator_host/$folder/$1
      return 0
    fi
  done
  printf '%s: command not found\n' "$1" >&2
  return 127
}

emulator_frame() { # kind content
  local LC_ALL=C
  emulator_body+="$1 ${#2}"$'\n'"$2"$'\n'
}

emulator_send_file() { # path
  local content path=$1
  emulator_frame file "$path"
  if [ "$path" = - ]; then
    if [ -t 0 ]; then
      emulator_frame none ''
      return
    fi
    content=$(base64 | tr -d '\n')
    emulator_frame base64 "$content"
    return
  fi
  case $path in /*) [ -e "$path" ] || path=$emulator_root$path ;; esac
  if [ ! -f "$path" ] || [ ! -r "$path" ]; then
    emulator_frame none ''
  elif IFS= read -r -d '' content <"$path"; then
    # There is a zero byte in it.
    content=$(base64 <"$path" | tr -d '\n')
    emulator_frame base64 "$content"
  else
    emulator_frame text "$content"
  fi
}

emulator_ask() { # echo, from standard input when there is no terminal, prompt
  local answer
  local -a silent=(-s)
  [ "$1" = 1 ] && silent=()
  if { exec 8<>/dev/tty; } 2>/dev/null; then
    printf '%s' "$3" >&8
    if IFS= read -r "${silent[@]}" answer <&8; then emulator_frame answer "$answer"; else emulator_frame noanswer ''; fi
    [ ${#silent[@]} -gt 0 ] && printf '\n' >&8
    exec 8>&-
  elif [ "$2" = 1 ]; then
    printf '%s' "$3" >&2
    if IFS= read -r answer; then emulator_frame answer "$answer"; else emulator_frame noanswer ''; fi
  else
    emulator_frame noanswer ''
  fi
}

emulator_path() { # path, escaped
  printf -v REPLY '%b' "$1"
  case $REPLY in "$emulator_root"/*) ;; /*) REPLY=$emulator_root$REPLY ;; esac
}

emulator_act() { # line: sets emulator_again or emulator_exit
  local kind=${1%% *} rest=${1#* } mode path
  case $kind in
    out) printf '%b' "$rest" ;;
    err) printf '%b' "$rest" >&2 ;;
    need)
      printf -v path '%b' "$rest"
      emulator_send_file "$path"
      emulator_again=1
      ;;
    ask)
      printf -v path '%b' "${rest#* * }"
      mode=${rest#* }
      emulator_ask "${rest%% *}" "${mode%% *}" "$path"
      emulator_again=1
      ;;
    dir)
      emulator_path "$rest"
      mkdir -p "$REPLY"
      ;;
    put)
      mode=${rest%% *}
      rest=${rest#* }
      emulator_path "${rest%% *}"
      path=$REPLY
      case $path in */*) [ -d "${path%/*}" ] || mkdir -p "${path%/*}" ;; esac
      if ! printf '%s' "${rest#* }" | base64 -d >"$path"; then
        emulator_exit=23
        return
      fi
      [ -f "$path" ] && chmod "$mode" "$path"
      ;;
    del)
      emulator_path "$rest"
      rm -rf -- "$REPLY"
      ;;
    arg)
      printf -v path '%b' "$rest"
      emulator_arguments+=("$path")
      ;;
    host)
      emulator_real "$rest" || exit
      exec "$REPLY" "${emulator_arguments[@]}" 6<&-
      ;;
    exit) emulator_exit=$rest ;;
  esac
}

emulator_call() { # tool, arguments: leaves the tool's exit code in emulator_exit
  local tool=$1 name line length=0 content
  local -a emulator_arguments=()
  emulator_body=
  shift
  for line in "$@"; do emulator_frame arg "$line"; done
  for name in HOME USER "${!AWS_@}" "${!CLOUDHSM_@}" "${!DESTINATION_CLOUDHSM_@}"; do emulator_frame env "$name=${!name-}"; done
  emulator_frame cwd "$PWD"
  emulator_again=1
  while [ -n "$emulator_again" ]; do
    emulator_again=
    emulator_exit=
    if ! { exec 9<>"/dev/tcp/127.0.0.1/$emulator_port"; } 2>/dev/null; then
      printf '[emulator] %s: the emulator does not answer\n' "$tool" >&2
      exit 127
    fi
    local LC_ALL=C
    printf 'POST /_emulator/tools/%s HTTP/1.1\r\nhost: 127.0.0.1\r\nx-emulator-session: %s\r\ncontent-length: %s\r\nconnection: close\r\n\r\n%s' \
      "$tool" "$emulator_token" "${#emulator_body}" "$emulator_body" >&9
    unset -v LC_ALL
    while IFS= read -r line <&9; do
      line=${line%$'\r'}
      [ -z "$line" ] && break
      case $line in [Cc]ontent-[Ll]ength:*) length=${line#*: } ;; esac
    done
    # Bash reads sockets byte by byte: long answers go through a program.
    if [ "$length" -gt 4000 ]; then
      content=$(cat <&9)
    else
      IFS= read -r -d '' content <&9
    fi
    exec 9>&-
    while IFS= read -r line <&6; do
      [ -n "$line" ] && emulator_act "$line"
    done 6<<<"$content"
    if [ -z "$emulator_again$emulator_exit" ]; then
      printf '[emulator] %s: the emulator went away\n' "$tool" >&2
      exit 127
    fi
  done
}

case $EMULATOR_TOOL in
  uname | arch)
    # The instance's architecture in the place of the host's.
    emulator_real uname || exit
    machine=$("$REPLY" -m)
    [ "$EMULATOR_TOOL" = arch ] && set -- -m
    output=$("$REPLY" "$@") || exit
    printf '%s\n' "${output//"$machine"/$emulator_architecture}"
    ;;
  sha256sum)
    # Files of the package catalogue have the published sums, see BEHAVIOUR.md of the instances.
    # shellcheck source-path=SCRIPTDIR source=sha256sum.bash
    . "${BASH_SOURCE[0]%/*}/sha256sum.bash"
    ;;
  date)
    # shellcheck source-path=SCRIPTDIR source=date.bash
    . "${BASH_SOURCE[0]%/*}/date.bash"
    ;;
  timeout)
    # shellcheck source-path=SCRIPTDIR source=timeout.bash
    . "${BASH_SOURCE[0]%/*}/timeout.bash"
    ;;
  sudo)
    # Scripts are root already.
    while [ $# -gt 0 ]; do
      case $1 in
        -u | -g | -h | -p | -C) shift 2 ;;
        --) shift; break ;;
        -*) shift ;;
        [A-Za-z_]*=*) export "${1?}"; shift ;;
        *) break ;;
      esac
    done
    [ $# -eq 0 ] || exec "$@"
    ;;
  *)
    emulator_call "$EMULATOR_TOOL" "$@"
    exit "$emulator_exit"
    ;;
esac
