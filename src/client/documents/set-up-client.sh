# First boot of a client: every component installed and configured for all HSMs of the cluster. Each component has a configuration of its own.

# Ubuntu's images have no AWS CLI, but snaps.
if ! command -v aws > /dev/null; then
  PATH="$PATH:/snap/bin"
  { snap wait system seed.loaded && snap install aws-cli --classic; } > "$WORK/snap" 2>&1 \
    || fail AwsCliMissing "there is no AWS CLI, and it cannot be installed as a snap ($(tail -n 1 "$WORK/snap")); use an image that has it, or give the client a way to the snap store"
fi

aws_text ssm get-parameter --name "$TrustAnchorParameter" --query Parameter.Value > "$WORK/anchor" \
  || fail TrustAnchorUnreadable "the client's role cannot read the parameter $TrustAnchorParameter"
for component in $Software; do
  package=${component%%=*}
  tool=${component#*=}
  [ -x "$ROOT/bin/$tool" ] || install_client "$package"
  # Applications read it under their own users.
  install -d -m 0755 "$ROOT/etc"
  install -m 0644 "$WORK/anchor" "$ROOT/etc/customerCA.crt"
  "$ROOT/bin/$tool" --cluster-id "$ClusterId" --region "$REGION" --hsm-ca-cert "$ROOT/etc/customerCA.crt" \
    || fail ConfigureFailed "$tool failed for cluster $ClusterId"
done
printf '{"result":"ready"}\n'
