# The secret is another one: log in with the former, change the password to the new, verify. Both secrets must name the same admin.

configure "$ClusterId" "$TrustAnchorParameter"
list_users
demand_unattended user
read_secret "$AdminSecretArn"
name=$SECRET_USER
wanted=$SECRET_PASSWORD

# A former version that was refused before is passed over, so that the way out works: the right password in the new secret.
former_logs_in() {
  for version in $(printf '%s' "$FormerAdminSecretVersions" | tr ',' ' '); do
    read_secret "$FormerAdminSecretArn" "$version"
    [ "$SECRET_USER" = "$name" ] || fail AdminRenamed "the new secret names $name, the former $SECRET_USER; an admin cannot be renamed"
    refused_before && continue
    if [ "$version" = current ]; then
      log_in_once admin "$FormerAdminSecretArn" && return 0
    else
      log_in_version admin && return 0
    fi
  done
  return 1
}

if former_logs_in; then
  former="$name:$SECRET_PASSWORD"
  CLOUDHSM_ROLE=admin CLOUDHSM_PIN="$former" with_password "$wanted" user change-password --username "$name" --role admin
  if ! logs_in admin "$name" "$wanted"; then
    CLOUDHSM_ROLE=admin CLOUDHSM_PIN="$former" password_as_argument "$wanted" user change-password --username "$name" --role admin
    logs_in admin "$name" "$wanted" || fail PasswordNotChanged "the password of $name was not changed; the former secret $FormerAdminSecretArn is still the right one"
  fi
  printf '{"result":"changed"}\n'
else
  # The password may be the new one already: after a roll back, or when it was changed by hand.
  read_secret "$AdminSecretArn"
  log_in_once admin "$AdminSecretArn" \
    || fail LoginRefused "admin $name cannot log in with $FormerAdminSecretArn nor with $AdminSecretArn; put the password that is set on the HSM into one of them"
  printf '{"result":"unchanged"}\n'
fi
