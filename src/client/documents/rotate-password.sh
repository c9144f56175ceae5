# A user gives himself the password of his secret's pending version, as whom he is logged in for just that. Nobody else may be: the HSM refuses it then.
#
# Which of the two passwords is set is found out by one login each at most: with the current version first, which is the right one but for a try that was
# cut off. So no login is refused in a rotation that goes well.

configure "$ClusterId" "$TrustAnchorParameter"
list_users
name=$(printf '%s' "$UserName" | tr '[:upper:]' '[:lower:]')
[ "$(user_field "$name" role)" = "$UserRole" ] || fail UserMissing "cluster $ClusterId has no $UserRole $name whose password could be rotated"
[ "$(user_field "$name" cluster-coverage)" = full ] || fail CoverageInconsistent "user $name is not on every HSM of cluster $ClusterId; deploy the user's stack again"
[ "$(user_field "$name" locked)" = false ] || fail UserLocked "user $name of cluster $ClusterId is locked; find out what logged in with a wrong password, then have an admin set the password of AWSCURRENT of $UserSecretArn"

find_secret "$UserSecretArn" --version-id "$PendingVersion" --version-stage AWSPENDING \
  || fail PendingVersionUnreadable "the client's role cannot read version $PendingVersion of $UserSecretArn, or it is not AWSPENDING any more; rotate again"
[ "$SECRET_USER" = "$name" ] || fail SecretOfAnother "version $PendingVersion of $UserSecretArn names $SECRET_USER, not $name"
wanted=$SECRET_PASSWORD
read_secret "$UserSecretArn"
[ "$SECRET_USER" = "$name" ] || fail SecretOfAnother "secret $UserSecretArn names $SECRET_USER, not $name"
current=$SECRET_PASSWORD

if ! refused_before && log_in_version "$UserRole"; then
  demand_unattended user
  if ! CLOUDHSM_ROLE="$UserRole" CLOUDHSM_PIN="$name:$current" with_password "$wanted" user change-password --username "$name" --role "$UserRole"; then
    # It says no, or its answer was lost: the current password tells, and refuses nobody if nothing has changed.
    if log_in_version "$UserRole"; then
      CLOUDHSM_ROLE="$UserRole" CLOUDHSM_PIN="$name:$current" password_as_argument "$wanted" user change-password --username "$name" --role "$UserRole" \
        || fail UserInUse "the password of $name was not changed; somebody else is logged in as $name: stop what uses $UserSecretArn, then rotate again"
    fi
  fi
  result=changed
else
  result=unchanged
fi
find_secret "$UserSecretArn" --version-id "$PendingVersion"
if refused_before || ! log_in_version "$UserRole"; then
  fail LoginRefused "$name can log in with neither AWSCURRENT nor AWSPENDING of $UserSecretArn; put the password that is set on the HSMs into the secret as AWSCURRENT, then rotate again"
fi
printf '{"result":"%s"}\n' "$result"
