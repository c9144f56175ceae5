# A user with his secret's password on every HSM.

configure "$ClusterId" "$TrustAnchorParameter"
# Who must not be there yet is to be created.
if [ "$MayExist" = true ]; then list_users; else list_users_as_admin; fi
read_secret "$UserSecretArn"
name=$(printf '%s' "$UserName" | tr '[:upper:]' '[:lower:]')
[ "$SECRET_USER" = "$name" ] || fail SecretOfAnother "secret $UserSecretArn names $SECRET_USER, not $name"
password=$SECRET_PASSWORD

# become_admin: once, and only when something is to be changed.
become_admin() {
  [ -n "${ADMIN_PIN:-}" ] || log_in_as_admin
}

# create_alternate: the other of two users who take turns. Nobody knows his password until the first rotation gives him one.
create_alternate() {
  become_admin
  list_users
  alternate=$(printf '%s' "$AlternateUserName" | tr '[:upper:]' '[:lower:]')
  unknown=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  CLOUDHSM_ROLE=admin CLOUDHSM_PIN="$ADMIN_PIN" with_password "$unknown" user create --username "$alternate" --role crypto-user
  list_users
  if [ "$(user_field "$alternate" cluster-coverage)" != full ]; then
    CLOUDHSM_ROLE=admin CLOUDHSM_PIN="$ADMIN_PIN" password_as_argument "$unknown" user create --username "$alternate" --role crypto-user
    list_users
  fi
  [ "$(user_field "$alternate" cluster-coverage)" = full ] \
    || fail CoverageInconsistent "user $alternate is not on every HSM of cluster $ClusterId; delete him with cloudhsm-cli, then deploy again"
}

create_user() {
  become_admin
  CLOUDHSM_ROLE=admin CLOUDHSM_PIN="$ADMIN_PIN" with_password "$password" user create --username "$name" --role "$UserRole"
  look_at_user
  if [ -z "$(user_field "$name" role)" ]; then
    CLOUDHSM_ROLE=admin CLOUDHSM_PIN="$ADMIN_PIN" password_as_argument "$password" user create --username "$name" --role "$UserRole"
    look_at_user
  fi
}

# Lists the users, and meanwhile logs in as one who is new: both only look, and each takes its time to connect to all HSMs.
look_at_user() {
  if [ "$result" != created ]; then
    list_users
    return
  fi
  ( logs_in "$UserRole" "$name" "$password" && : > "$WORK/accepted" ) &
  login=$!
  list_users
  wait "$login"
}

if [ "$AlternateUserName" != - ]; then
  case "$(user_field "$(printf '%s' "$AlternateUserName" | tr '[:upper:]' '[:lower:]')" role)" in
    '' | inconsistent) ;;
    crypto-user)
      [ "$MayExist" = true ] || fail UserExists "user $AlternateUserName exists on cluster $ClusterId already; choose another alternateUserName, or set adopt to take him over"
      ;;
    *) fail UserIsNoCryptoUser "user $AlternateUserName of cluster $ClusterId is no crypto user; choose another alternateUserName" ;;
  esac
fi

case "$(user_field "$name" role)" in
  '')
    result=created
    create_user
    ;;
  "$UserRole" | inconsistent)
    [ "$MayExist" = true ] || fail UserExists "user $name exists on cluster $ClusterId already; choose another userName, or set adopt to take him over with the password of $UserSecretArn"
    result=unchanged
    # A user on some HSMs only: creating him again reaches those where he is missing.
    [ "$(user_field "$name" cluster-coverage)" = full ] || { result=updated; create_user; }
    if ! logs_in "$UserRole" "$name" "$password"; then
      result=updated
      become_admin
      CLOUDHSM_ROLE=admin CLOUDHSM_PIN="$ADMIN_PIN" with_password "$password" user change-password --username "$name" --role "$UserRole"
      if ! logs_in "$UserRole" "$name" "$password"; then
        CLOUDHSM_ROLE=admin CLOUDHSM_PIN="$ADMIN_PIN" password_as_argument "$password" user change-password --username "$name" --role "$UserRole"
      fi
    fi
    ;;
  *)
    if [ "$UserRole" = admin ]; then code=UserIsNoAdmin; else code=UserIsNoCryptoUser; fi
    fail "$code" "user $name of $ClusterId has the role $(user_field "$name" role), not $UserRole; choose another userName"
    ;;
esac

[ "$(user_field "$name" cluster-coverage)" = full ] \
  || fail CoverageInconsistent "user $name is not on every HSM of cluster $ClusterId; delete him with cloudhsm-cli if he owns no keys, then deploy again"
case "$result" in
  unchanged) ;;
  created) [ -e "$WORK/accepted" ] ;;
  *) logs_in "$UserRole" "$name" "$password" ;;
esac || fail UserLoginRefused "user $name cannot log in with $UserSecretArn after his password was set; he may be logged in elsewhere, deploy again when he is not"
if [ "$AlternateUserName" != - ] && [ "$(user_field "$(printf '%s' "$AlternateUserName" | tr '[:upper:]' '[:lower:]')" cluster-coverage)" != full ]; then
  create_alternate
fi
printf '{"result":"%s"}\n' "$result"
