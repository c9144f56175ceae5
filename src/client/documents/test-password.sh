# One login with the pending version of a user's secret. When a rotation is set up, Secrets Manager asks for this with a version that has no value: then with
# the current one. Of two users who take turns, the next one must see as many keys as the one before.

# log_in_and_count: sets KEYS to the number of keys that the user of the secret read last sees.
log_in_and_count() {
  if refused_before || ! log_in_version "$UserRole"; then
    fail LoginRefused "$SECRET_USER cannot log in with version $SECRET_VERSION of $UserSecretArn"
  fi
  KEYS=$(sed -n 's/.*"total_key_count": *\([0-9]*\).*/\1/p' "$WORK/login" | head -n 1)
}

configure "$ClusterId" "$TrustAnchorParameter"
list_users
find_secret "$UserSecretArn" --version-id "$PendingVersion" --version-stage AWSPENDING || read_secret "$UserSecretArn"
next=$SECRET_USER
log_in_and_count
next_keys=$KEYS
read_secret "$UserSecretArn"
if [ "$SECRET_USER" != "$next" ]; then
  log_in_and_count
  [ "${next_keys:-0}" -ge "${KEYS:-0}" ] \
    || fail KeysNotShared "$next sees ${next_keys:-0} keys, $SECRET_USER sees ${KEYS:-0}; share the others by cloudhsm-cli key share --username $next --role crypto-user, then rotate again"
fi
printf '{"result":"verified"}\n'
