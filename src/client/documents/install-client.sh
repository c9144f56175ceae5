# Installs a package of the CloudHSM client. PackageSource is a folder of AWS's or of your own; PackageChecksums are lines `<sha256> <file>`.

# install_client <package>
install_client() {
  case "$(uname -m)" in
    x86_64) rpm=x86_64 deb=amd64 ;;
    aarch64) rpm=aarch64 deb=arm64 ;;
    *) fail UnsupportedArchitecture "CloudHSM has no client for $(uname -m); use x86_64 or arm64" ;;
  esac
  if [ "$PackageVersion" = latest ]; then release=latest; else release=$PackageVersion-1; fi
  # Ubuntu's packages begin with a u, and have names of another shape.
  case "$PackagePlatform" in
    u*) file="${1}_${release}_${PackagePlatform}_$deb.deb" ;;
    *) file="$1-$release.$PackagePlatform.$rpm.rpm" ;;
  esac
  case "$PackageSource" in
    s3://*) aws s3 cp --region "$REGION" --no-progress "$PackageSource/$file" "$WORK/$file" > /dev/null ;;
    *) curl --fail --silent --show-error --location --retry 5 --output "$WORK/$file" "$PackageSource/$file" ;;
  esac || fail PackageUnreachable "cannot download $PackageSource/$file; the client needs a way to Amazon S3 (NAT, or a gateway endpoint, which leads to its own Region only: packages of AWS are in us-east-1), or packages in a bucket of yours"
  expected=$(printf '%s\n' "$PackageChecksums" | tr ',' '\n' | sed -n "s/^\([0-9a-f]*\) $file\$/\1/p")
  if [ -n "$expected" ] && [ "$(sha256sum "$WORK/$file" | cut -d ' ' -f 1)" != "$expected" ]; then
    fail PackageChecksumWrong "$PackageSource/$file does not have the SHA-256 sum $expected; it is not installed"
  fi
  install_file "$WORK/$file"
}

# install_file <file>: what the package needs comes from the system's own repositories.
install_file() {
  case "$1" in
    *.deb)
      # At the first boot Ubuntu's own upgrades hold the lock, and its lists may not be there yet.
      install_deb "$1" || { apt-get update > /dev/null 2>&1; install_deb "$1"; } || fail PackageNotInstalled "apt-get could not install ${1##*/}: $(tail -n 1 "$WORK/install")" ;;
    *) dnf install -y "$1" > "$WORK/install" 2>&1 || fail PackageNotInstalled "dnf could not install ${1##*/}: $(tail -n 1 "$WORK/install")" ;;
  esac
}

install_deb() {
  DEBIAN_FRONTEND=noninteractive apt-get install -y -oDPkg::Lock::Timeout=300 "$1" > "$WORK/install" 2>&1
}
