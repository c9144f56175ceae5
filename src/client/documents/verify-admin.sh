# One login with the automation admin's secret: what adopting a cluster rests on.

configure "$ClusterId" "$TrustAnchorParameter"
list_users
read_secret "$AdminSecretArn"
[ "$(user_field "$SECRET_USER" role)" = admin ] \
  || fail AutomationAdminMissing "secret $AdminSecretArn names $SECRET_USER, who is not an admin of cluster $ClusterId; give adminSecret the name and password of one"
log_in_once admin "$AdminSecretArn" || fail LoginRefused "admin $SECRET_USER cannot log in with $AdminSecretArn; put the password that is set on the HSM into the secret"
printf '{"result":"verified"}\n'
