# What a host that uses a cluster's HSMs does: `set-up`, once, when it first boots, and `follow` from then on, each time its timer fires.

# What is remembered of a cluster, and where this script is run from.
STATE="${CLOUDHSM_STATE:-/var/lib/cdk-cloudhsm}"
UNITS="${CLOUDHSM_UNITS:-/etc/systemd/system}"

# Snaps are not on the path of what systemd starts.
command -v aws > /dev/null || PATH="$PATH:/snap/bin"

# find_addresses: of all HSMs that the cluster has now, one a line: just what the tools would find. One that is not ACTIVE yet will be, and the client does without it.
find_addresses() {
  aws_text cloudhsmv2 describe-clusters --filters "clusterIds=$ClusterId" --query 'Clusters[0].Hsms[].EniIp' | tr '\t' '\n' | sed '/^$/d' | sort > "$WORK/addresses" \
    || fail ClusterUnreadable "the host's role cannot look up the HSMs of cluster $ClusterId; check its policy and its way to the CloudHSM API"
}

# configure_all: every component, for the HSMs that were just found. What is remembered is only what all of them know.
configure_all() {
  for component in $Software; do
    tool=${component#*=}
    "$ROOT/bin/$tool" --cluster-id "$ClusterId" --region "$REGION" --hsm-ca-cert "$ROOT/etc/customerCA.crt" "$KeyAvailabilityOption" > "$WORK/configure" 2>&1 \
      || fail ConfigureFailed "$tool failed for cluster $ClusterId: $(tail -n 1 "$WORK/configure")"
  done
  install -m 0644 "$WORK/addresses" "$STATE/addresses"
}

# follow: configures anew when the cluster has other HSMs than before. A cluster that is paused has none, and will come back: what is known of it stays.
follow() {
  find_addresses
  result=unchanged
  if [ ! -s "$WORK/addresses" ]; then
    result=paused
  elif [ "$(cat "$WORK/addresses")" != "$(cat "$STATE/addresses" 2> /dev/null)" ]; then
    configure_all
    result=configured
  fi
  printf '{"result":"%s"}\n' "$result"
}

# keep_following: a timer of systemd runs this script again and again, from the next boot on, too.
keep_following() {
  cat > "$UNITS/cloudhsm-addresses.service" << UNIT
[Unit]
Description=Looks up the HSMs of $ClusterId
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
Environment=HOME=/root
ExecStart=$0 follow
UNIT
  # Hosts that were started together do not ask together.
  cat > "$UNITS/cloudhsm-addresses.timer" << UNIT
[Unit]
Description=Follows the HSMs of $ClusterId

[Timer]
OnActiveSec=30
OnUnitActiveSec=$FollowSeconds
RandomizedDelaySec=30

[Install]
WantedBy=timers.target
UNIT
  chmod 0644 "$UNITS/cloudhsm-addresses.service" "$UNITS/cloudhsm-addresses.timer"
  { systemctl daemon-reload && systemctl enable --now cloudhsm-addresses.timer; } > "$WORK/systemctl" 2>&1 \
    || fail TimerNotStarted "systemd did not start cloudhsm-addresses.timer: $(tail -n 1 "$WORK/systemctl")"
}

set_up() {
  # Ubuntu's images have no AWS CLI, but snaps.
  if ! command -v aws > /dev/null; then
    { snap wait system seed.loaded && snap install aws-cli --classic; } > "$WORK/snap" 2>&1 \
      || fail AwsCliMissing "there is no AWS CLI, and it cannot be installed as a snap ($(tail -n 1 "$WORK/snap")); use an image that has it, or give the client a way to the snap store"
  fi
  aws_text ssm get-parameter --name "$TrustAnchorParameter" --query Parameter.Value > "$WORK/anchor" \
    || fail TrustAnchorUnreadable "the client's role cannot read the parameter $TrustAnchorParameter"
  for component in $Software; do
    [ -x "$ROOT/bin/${component#*=}" ] || install_client "${component%%=*}"
  done
  # Applications read it under their own users.
  install -d -m 0755 "$ROOT/etc" "$STATE"
  install -m 0644 "$WORK/anchor" "$ROOT/etc/customerCA.crt"
  # An image may have been made of a host that had other HSMs.
  rm -f "$STATE/addresses"
  # Whatever the look-up comes to now, it is done again.
  keep_following
  follow
}

case "${1:-}" in
  set-up) set_up ;;
  follow) follow ;;
  *) fail UnknownCommand "$0 is run as '$0 set-up' or '$0 follow'" ;;
esac
