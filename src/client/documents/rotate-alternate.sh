# Two users take turns: the one that nobody uses now is given the password of the secret's pending version, by an admin. The one in use is left alone.

configure "$ClusterId" "$TrustAnchorParameter"
list_users
name=$(printf '%s' "$UserName" | tr '[:upper:]' '[:lower:]')
[ "$(user_field "$name" role)" = crypto-user ] || fail UserMissing "cluster $ClusterId has no crypto user $name to take turns; deploy the user's stack again"
[ "$(user_field "$name" cluster-coverage)" = full ] || fail CoverageInconsistent "user $name is not on every HSM of cluster $ClusterId; deploy the user's stack again"

find_secret "$UserSecretArn" --version-id "$PendingVersion" --version-stage AWSPENDING \
  || fail PendingVersionUnreadable "the client's role cannot read version $PendingVersion of $UserSecretArn, or it is not AWSPENDING any more; rotate again"
[ "$SECRET_USER" = "$name" ] || fail SecretOfAnother "version $PendingVersion of $UserSecretArn names $SECRET_USER, not $name"
wanted=$SECRET_PASSWORD
read_secret "$UserSecretArn"
[ "$SECRET_USER" != "$name" ] || fail UserInUse "secret $UserSecretArn names $name already, whose turn it was to be; put the other user's name and password into it as AWSCURRENT, then rotate again"

log_in_as_admin
changed=true
if ! CLOUDHSM_ROLE=admin CLOUDHSM_PIN="$ADMIN_PIN" with_password "$wanted" user change-password --username "$name" --role crypto-user; then
  CLOUDHSM_ROLE=admin CLOUDHSM_PIN="$ADMIN_PIN" password_as_argument "$wanted" user change-password --username "$name" --role crypto-user || changed=false
fi
# Nobody was refused a login so far: a password that is not set is not tried.
[ "$changed" = true ] \
  || fail UserInUse "the password of $name was not changed; somebody is still logged in as $name with the version AWSPREVIOUS of $UserSecretArn: restart what is, then rotate again"
find_secret "$UserSecretArn" --version-id "$PendingVersion"
log_in_version crypto-user || fail LoginRefused "$name cannot log in with the password that was just set"
printf '{"result":"changed"}\n'
