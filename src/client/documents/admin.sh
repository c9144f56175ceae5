# What only the admin client does: secrets, users, passwords. Its scripts are sent by Systems Manager.
#
# Nothing secret is ever printed, and no password is an argument unless the pseudo-terminal fails (see password_as_argument).
# What to do is decided by looking at state (`user list`), never by the text of an error: those texts are not documented.
CLI="$ROOT/bin/cloudhsm-cli"
# Seconds without a character on the terminal after which a client is taken to ask for nothing that is known here.
PROMPT_SECONDS="${CLOUDHSM_PROMPT_SECONDS:-30}"

# ---- secrets

# read_secret <arn> [<version id, or "current">]: sets SECRET_USER, in lower case as the HSM shows it, SECRET_PASSWORD, SECRET_VERSION.
read_secret() {
  if [ "${2:-current}" = current ]; then set -- "$1"; else set -- "$1" --version-id "$2"; fi
  find_secret "$@" || fail SecretUnreadable "the client's role cannot read $1; check the secret's resource policy and its key"
}

# find_secret <arn> <options that name a version>: the same of any version; fails when it cannot be read.
find_secret() {
  secret_arn=$1
  shift
  # Text output of a list: version, tab, value.
  aws_text secretsmanager get-secret-value --secret-id "$secret_arn" --query '[VersionId,SecretString]' "$@" > "$WORK/secret" || return 1
  SECRET_VERSION=$(head -n 1 "$WORK/secret" | cut -f 1)
  SECRET_USER=$(sed -n 's/.*"username" *: *"\([^"]*\)".*/\1/p' "$WORK/secret" | tr '[:upper:]' '[:lower:]')
  SECRET_PASSWORD=$(sed -n 's/.*"password" *: *"\([^"\\]*\)".*/\1/p' "$WORK/secret")
  rm -f "$WORK/secret"
  if [ -z "$SECRET_USER" ] || [ -z "$SECRET_PASSWORD" ]; then
    fail SecretMalformed "$secret_arn must be JSON with the members username and password; passwords have neither quotes nor backslashes"
  fi
}

# ---- the client's software and configuration

# Addresses of the HSMs that are ACTIVE now, one a line.
active_addresses() {
  aws_text cloudhsmv2 describe-clusters --filters "clusterIds=$1" --query "Clusters[0].Hsms[?State=='ACTIVE'].EniIp" | tr '\t' '\n' | sed '/^$/d' | sort
}

# configure <cluster id> <parameter with the trust anchor>: all HSMs, every time. The key availability check is off only while there is one.
configure() {
  [ -x "$CLI" ] || install_client cloudhsm-cli
  aws_text ssm get-parameter --name "$2" --query Parameter.Value > "$WORK/anchor" || fail TrustAnchorUnreadable "the client's role cannot read the parameter $2"
  mkdir -p "$ROOT/etc"
  cat "$WORK/anchor" > "$ROOT/etc/customerCA.crt"
  chmod 0644 "$ROOT/etc/customerCA.crt"
  active_addresses "$1" > "$WORK/addresses" || fail ClusterUnreadable "the client's role cannot look up the HSMs of cluster $1; check its policy and its way to the CloudHSM API"
  [ -s "$WORK/addresses" ] || fail NoActiveHsm "cluster $1 has no ACTIVE HSM to connect to"
  if [ "$(wc -l < "$WORK/addresses")" -gt 1 ]; then check=--enable-key-availability-check; else check=--disable-key-availability-check; fi
  # shellcheck disable=SC2046 # one argument an address
  "$ROOT/bin/configure-cli" -a $(cat "$WORK/addresses") --hsm-ca-cert "$ROOT/etc/customerCA.crt" "$check" > "$WORK/configure" 2>&1 \
    || fail ConfigureFailed "configure-cli failed: $(tail -n 1 "$WORK/configure")"
}

# ---- users

# Lists the users into USERS, one line without blanks. Needs no login, so it also tells whether the HSMs can be reached.
list_users() {
  ask_for_users
  read_users
}

ask_for_users() {
  "$CLI" user list > "$WORK/users" 2> "$WORK/users.err" || true
}

read_users() {
  USERS=$(tr -d ' \n\r\t' < "$WORK/users")
  case "$USERS" in
    *'"username":'*) ;;
    *) fail HsmUnreachable "the client cannot list the users of its HSMs ($(tr '\n' ' ' < "$WORK/addresses")); TCP 2223 to 2225 must be open from the client to the cluster's security group, both ways" ;;
  esac
}

# user_field <user name> <field>: of the last list; nothing when there is no such user.
user_field() {
  printf '%s\n' "$USERS" | sed 's/"username":/\
&/g' | grep "^\"username\":\"$1\"" | sed -n "s/.*\"$2\":\"\([^\"]*\)\".*/\1/p" | head -n 1
}

# logs_in <role> <user> <password>: one login, by a command that changes nothing.
logs_in() {
  CLOUDHSM_ROLE="$1" CLOUDHSM_PIN="$2:$3" "$CLI" key list --max-items 1 > "$WORK/login" 2>&1 && grep -q '"error_code": *0' "$WORK/login"
}

# Whether the HSM refused the version of the secret read last before.
refused_before() {
  case ",$RefusedVersions," in
    *",$SECRET_VERSION,"*) return 0 ;;
  esac
  return 1
}

# log_in_version <role>: logs in with the secret read last, and says which version it was if that is refused. Where the HSMs cannot be reached nothing is.
log_in_version() {
  logs_in "$1" "$SECRET_USER" "$SECRET_PASSWORD" && return 0
  await_users
  printf 'cloudhsm-refused-version %s\n' "$SECRET_VERSION" >&2
  return 1
}

# log_in_once <role> <secret's arn>: logs in with the secret read last, else with its pending version: a rotation may have got as far as the HSMs, and
# SECRET_PASSWORD is then that version's. A version that was refused before is not tried again: five refusals lock a user.
log_in_once() {
  first_version=$SECRET_VERSION
  refused_before || { log_in_version "$1" && return 0; }
  find_pending "$2" "$first_version" && log_in_version "$1" && return 0
  case ",$RefusedVersions," in
    *",$first_version,"*) fail LoginRefusedBefore "version $first_version of secret $2 was refused by the HSM before and is not tried again; put the password that is set on the HSM into the secret" ;;
  esac
  return 1
}

# log_in_as_admin: one login with the automation admin's secret, who then is ADMIN_PIN; meanwhile it is looked up whether one admin alone may change users.
log_in_as_admin() {
  ask_for_quorum &
  quorum=$!
  read_secret "$AdminSecretArn"
  log_in_once admin "$AdminSecretArn" || fail LoginRefused "admin $SECRET_USER cannot log in with $AdminSecretArn; put the password that is set on the HSM into the secret"
  ADMIN_PIN="$SECRET_USER:$SECRET_PASSWORD"
  wait "$quorum"
  judge_quorum user
}

# list_users_as_admin: list_users and log_in_as_admin at once, for each takes its time to connect to all HSMs.
list_users_as_admin() {
  ask_for_users &
  LISTING=$!
  log_in_as_admin
  await_users
}

# Reads the list of users if it is still on its way.
await_users() {
  [ -n "${LISTING:-}" ] || return 0
  wait "$LISTING"
  LISTING=
  read_users
}

# find_pending <secret's arn> <its current version>: reads the pending version if there is another one that was not refused before.
find_pending() {
  find_secret "$1" --version-stage AWSPENDING 2> /dev/null && [ "$SECRET_VERSION" != "$2" ] && ! refused_before
}

# demand_unattended <service>: whether the HSMs let one admin alone change what belongs to a quorum service. Needs no login.
demand_unattended() {
  ask_for_quorum
  judge_quorum "$1"
}

ask_for_quorum() {
  "$CLI" quorum token-sign list-quorum-values > "$WORK/quorum" 2> /dev/null || true
}

judge_quorum() {
  value=$(tr -d ' \n\r\t' < "$WORK/quorum" | sed -n "s/.*\"$1\":\({\"value\":\)\{0,1\}\([0-9][0-9]*\).*/\2/p")
  case "$value" in
    0 | 1) ;;
    '') fail QuorumUnreadable "the client cannot read the quorum values of cluster $ClusterId; run $CLI quorum token-sign list-quorum-values on the admin client" ;;
    *) fail QuorumNeeded "changes of the service $1 of cluster $ClusterId need the approval of $value users; make this one by hand as the section 'When a quorum is needed' of cdk-cloudhsm's README says, then deploy or rotate again" ;;
  esac
}

# ---- passwords at prompts

# wait_for <text>: reads the terminal until the text has come.
wait_for() {
  seen=
  while IFS= read -r -n 1 -t "$PROMPT_SECONDS" character; do
    seen=$seen$character
    case "$seen" in
      *"$1"*) return 0 ;;
    esac
  done
  return 1
}

# answer <prompt> <password>: in a subshell, for the client may be gone and a broken pipe would end the script.
answer() {
  wait_for "$1" <&4 && (printf '%s\n' "$2" >&3) 2> /dev/null
}

# with_password <password> <command of the client, without blanks in its words>: answers the two prompts on a pseudo-terminal.
# Each answer follows its prompt, and nothing is typed ahead. Its status is the client's, which may have succeeded all the same when its answer is lost: the
# caller looks at the state afterwards.
with_password() {
  password=$1
  shift
  command -v script > /dev/null || return 1
  rm -f "$WORK/in" "$WORK/out"
  mkfifo "$WORK/in" "$WORK/out"
  script -q -e -c "$CLI $*" /dev/null < "$WORK/in" > "$WORK/out" 2>&1 &
  client=$!
  exec 3> "$WORK/in" 4< "$WORK/out"
  if ! { answer 'Enter password' "$password" && answer 'Confirm password' "$password"; }; then
    # The end of its input tells a client that asks for something else that nobody will answer.
    exec 3>&-
  fi
  # A terminal echoes until the program turns that off: the rest is read and dropped.
  cat <&4 > /dev/null
  exec 3>&- 4<&-
  wait "$client"
}

# password_as_argument <password> <command>: only when the prompts did not work. Other users' processes are hidden meanwhile.
password_as_argument() {
  password=$1
  shift
  mount -o remount,hidepid=2 /proc 2> /dev/null || true
  "$CLI" "$@" --password "$password" > /dev/null 2>&1
}
