# Deletes a user, and who takes turns with him. The HSM keeps one who owns keys or is logged in; then he stays.

configure "$ClusterId" "$TrustAnchorParameter"
list_users
name=$(printf '%s' "$UserName" | tr '[:upper:]' '[:lower:]')
alternate=$(printf '%s' "$AlternateUserName" | tr '[:upper:]' '[:lower:]')
if [ -z "$(user_field "$name" role)" ] && [ -z "$(user_field "$alternate" role)" ]; then
  printf '{"result":"gone"}\n'
  exit 0
fi
log_in_as_admin
for user in "$name" "$alternate"; do
  [ -n "$(user_field "$user" role)" ] || continue
  CLOUDHSM_ROLE=admin CLOUDHSM_PIN="$ADMIN_PIN" "$CLI" user delete --username "$user" --role "$UserRole" > /dev/null 2>&1 || true
done
list_users
if [ -z "$(user_field "$name" role)" ]; then printf '{"result":"deleted"}\n'; else printf '{"result":"kept"}\n'; fi
