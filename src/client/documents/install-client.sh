# Installs a package of the CloudHSM client. PackageSource is a folder of AWS's or of your own; PackageChecksums are lines `<sha256> <file>`.

# install_client <package>
install_client() {
  case "$(uname -m)" in
    x86_64) arch=x86_64 ;;
    aarch64) arch=aarch64 ;;
    *) fail UnsupportedArchitecture "CloudHSM has no client for $(uname -m); use x86_64 or arm64" ;;
  esac
  if [ "$PackageVersion" = latest ]; then file="$1-latest.amzn2023.$arch.rpm"; else file="$1-$PackageVersion-1.amzn2023.$arch.rpm"; fi
  case "$PackageSource" in
    s3://*) aws s3 cp --region "$REGION" --no-progress "$PackageSource/$file" "$WORK/$file" > /dev/null ;;
    *) curl --fail --silent --show-error --location --retry 5 --output "$WORK/$file" "$PackageSource/$file" ;;
  esac || fail PackageUnreachable "cannot download $PackageSource/$file; the client needs a way to Amazon S3 (NAT, or a gateway endpoint, which leads to its own Region only: packages of AWS are in us-east-1), or packages in a bucket of yours"
  expected=$(printf '%s\n' "$PackageChecksums" | tr ',' '\n' | sed -n "s/^\([0-9a-f]*\) $file\$/\1/p")
  if [ -n "$expected" ] && [ "$(sha256sum "$WORK/$file" | cut -d ' ' -f 1)" != "$expected" ]; then
    fail PackageChecksumWrong "$PackageSource/$file does not have the SHA-256 sum $expected; it is not installed"
  fi
  dnf install -y "$WORK/$file" > "$WORK/dnf" 2>&1 || fail PackageNotInstalled "dnf could not install $file: $(tail -n 1 "$WORK/dnf")"
}
