# Deletes a crypto user, and who takes turns with him. The HSM keeps one who owns keys or is logged in; then he stays.

configure "$ClusterId" "$TrustAnchorParameter"
list_users
name=$(printf '%s' "$UserName" | tr '[:upper:]' '[:lower:]')
alternate=$(printf '%s' "$AlternateUserName" | tr '[:upper:]' '[:lower:]')
if [ -z "$(user_field "$name" role)" ] && [ -z "$(user_field "$alternate" role)" ]; then
  printf '{"result":"gone"}\n'
  exit 0
fi
read_secret "$AdminSecretArn"
log_in_once admin "$AdminSecretArn" || fail LoginRefused "admin $SECRET_USER cannot log in with $AdminSecretArn; put the password that is set on the HSM into the secret"
for user in "$name" "$alternate"; do
  [ -n "$(user_field "$user" role)" ] || continue
  CLOUDHSM_ROLE=admin CLOUDHSM_PIN="$SECRET_USER:$SECRET_PASSWORD" "$CLI" user delete --username "$user" --role crypto-user > /dev/null 2>&1 || true
done
list_users
if [ -z "$(user_field "$name" role)" ]; then printf '{"result":"deleted"}\n'; else printf '{"result":"kept"}\n'; fi
