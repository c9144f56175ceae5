# Sets the first password of `admin` and makes the automation admin. Repeating it finds what is done and does the rest.

configure "$ClusterId" "$TrustAnchorParameter"
list_users
read_secret "$AdminSecretArn"
automation=$SECRET_USER

case "$(user_field admin role)" in
  unactivated-admin)
    read_secret "$SealedAdminSecretArn"
    with_password "$SECRET_PASSWORD" cluster activate
    list_users
    if [ "$(user_field admin role)" = unactivated-admin ]; then
      password_as_argument "$SECRET_PASSWORD" cluster activate
      list_users
    fi
    [ "$(user_field admin role)" = admin ] || fail ActivationFailed "cloudhsm-cli did not activate cluster $ClusterId; read the client's log in $ROOT/run"
    ;;
  admin) ;;
  *) fail NoAdminUser "cluster $ClusterId lists no user admin; it cannot be activated" ;;
esac

if [ -z "$(user_field "$automation" role)" ]; then
  read_secret "$SealedAdminSecretArn"
  log_in_once admin "$SealedAdminSecretArn" \
    || fail LoginRefused "user admin cannot log in with $SealedAdminSecretArn: the cluster was activated with another password; put it into the secret"
  sealed="admin:$SECRET_PASSWORD"
  read_secret "$AdminSecretArn"
  CLOUDHSM_ROLE=admin CLOUDHSM_PIN="$sealed" with_password "$SECRET_PASSWORD" user create --username "$automation" --role admin
  list_users
  if [ -z "$(user_field "$automation" role)" ]; then
    CLOUDHSM_ROLE=admin CLOUDHSM_PIN="$sealed" password_as_argument "$SECRET_PASSWORD" user create --username "$automation" --role admin
    list_users
  fi
fi
[ "$(user_field "$automation" role)" = admin ] || fail AutomationAdminMissing "user $automation is not an admin of cluster $ClusterId; look at the output of user list"
[ "$(user_field "$automation" cluster-coverage)" = full ] || fail CoverageInconsistent "admin $automation is not on every HSM of cluster $ClusterId"

read_secret "$AdminSecretArn"
log_in_once admin "$AdminSecretArn" || fail LoginRefused "admin $automation cannot log in with $AdminSecretArn; put the password that is set on the HSM into the secret"
printf '{"result":"activated"}\n'
