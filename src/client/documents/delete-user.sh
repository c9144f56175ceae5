# Deletes a crypto user. The HSM keeps one who owns keys or is logged in; then he stays.

configure "$ClusterId" "$TrustAnchorParameter"
list_users
name=$(printf '%s' "$UserName" | tr '[:upper:]' '[:lower:]')
if [ -z "$(user_field "$name" role)" ]; then
  printf '{"result":"gone"}\n'
  exit 0
fi
read_secret "$AdminSecretArn"
log_in_once admin "$AdminSecretArn" || fail LoginRefused "admin $SECRET_USER cannot log in with $AdminSecretArn; put the password that is set on the HSM into the secret"
CLOUDHSM_ROLE=admin CLOUDHSM_PIN="$SECRET_USER:$SECRET_PASSWORD" "$CLI" user delete --username "$name" --role crypto-user > /dev/null 2>&1 || true
list_users
if [ -z "$(user_field "$name" role)" ]; then printf '{"result":"deleted"}\n'; else printf '{"result":"kept"}\n'; fi
