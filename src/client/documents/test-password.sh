# One login with the pending version of a user's secret. When a rotation is set up, Secrets Manager asks for this with a version that has no value: then with
# the current one.

configure "$ClusterId" "$TrustAnchorParameter"
list_users
find_secret "$UserSecretArn" --version-id "$PendingVersion" --version-stage AWSPENDING || read_secret "$UserSecretArn"
name=$(printf '%s' "$UserName" | tr '[:upper:]' '[:lower:]')
[ "$SECRET_USER" = "$name" ] || fail SecretOfAnother "version $SECRET_VERSION of $UserSecretArn names $SECRET_USER, not $name"
if refused_before || ! log_in_version "$UserRole"; then
  fail LoginRefused "$name cannot log in with version $SECRET_VERSION of $UserSecretArn"
fi
printf '{"result":"verified"}\n'
