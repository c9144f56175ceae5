# The crypto user kmsuser, as whom KMS logs in, with the password of a temporary secret on every HSM: made, or given that password.

configure "$ClusterId" "$TrustAnchorParameter"
list_users
name=kmsuser
read_secret "$UserSecretArn"
[ "$SECRET_USER" = "$name" ] || fail SecretOfAnother "secret $UserSecretArn names $SECRET_USER, not $name"
password=$SECRET_PASSWORD

# Before anything is touched: whether the admin can do it at all.
log_in_as_admin

create_user() {
  CLOUDHSM_ROLE=admin CLOUDHSM_PIN="$ADMIN_PIN" with_password "$password" user create --username "$name" --role crypto-user
  list_users
  if [ "$(user_field "$name" cluster-coverage)" != full ]; then
    CLOUDHSM_ROLE=admin CLOUDHSM_PIN="$ADMIN_PIN" password_as_argument "$password" user create --username "$name" --role crypto-user
    list_users
  fi
}

change_password() {
  CLOUDHSM_ROLE=admin CLOUDHSM_PIN="$ADMIN_PIN" with_password "$password" user change-password --username "$name" --role crypto-user
  if ! logs_in crypto-user "$name" "$password"; then
    CLOUDHSM_ROLE=admin CLOUDHSM_PIN="$ADMIN_PIN" password_as_argument "$password" user change-password --username "$name" --role crypto-user
  fi
  list_users
}

case "$(user_field "$name" role)" in
  '')
    result=created
    create_user
    ;;
  crypto-user | inconsistent)
    result=changed
    # A user on some HSMs only: creating him again reaches those where he is missing.
    [ "$(user_field "$name" cluster-coverage)" = full ] || create_user
    change_password
    ;;
  *) fail UserIsNoCryptoUser "user $name of cluster $ClusterId is $(user_field "$name" role), and KMS needs a crypto user of that name; delete that user with cloudhsm-cli" ;;
esac

# KMS finds a user who is not on every HSM missing.
[ "$(user_field "$name" cluster-coverage)" = full ] \
  || fail CoverageInconsistent "user $name is not on every HSM of cluster $ClusterId; delete him with cloudhsm-cli if he owns no keys, then deploy again"
[ "$(user_field "$name" locked)" = false ] \
  || fail KmsUserLocked "user $name of cluster $ClusterId is locked; stop what logs in as $name, then deploy again"
logs_in crypto-user "$name" "$password" \
  || fail UserLoginRefused "user $name cannot log in with the password that was just set; he has a second factor, which KMS cannot use (delete him if he owns no keys), or is logged in elsewhere"
printf '{"result":"%s"}\n' "$result"
