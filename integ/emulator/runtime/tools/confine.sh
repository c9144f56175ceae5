# shellcheck shell=bash
# Makes an instance's view of the file system, then waits until its standard input is closed. Run by bash as root of a fresh
# user and mount namespace, with the instance's folder as working directory. Every namespace of a script is made from this one.
#
# $1 folder with the tools that lie over /usr, relative to the working directory
set -eu
root=$PWD/mnt
mkdir -p mnt usr etc .work/usr .work/etc opt root home/ec2-user srv tmp \
  var/lib var/log var/tmp var/cache var/spool var/empty
chmod 1777 tmp var/tmp

mount -t tmpfs -o mode=755 tmpfs "$root"
mkdir -p "$root"/{usr,etc,opt,var,root,home,srv,tmp,run,dev,proc,sys,old,mnt,media}
mount -t overlay overlay -o "lowerdir=$1:/usr,upperdir=usr,workdir=.work/usr,userxattr" "$root/usr"
mount -t overlay overlay -o "lowerdir=/etc,upperdir=etc,workdir=.work/etc,userxattr" "$root/etc"
for own in opt var root home srv tmp; do mount --bind "$own" "$root/$own"; done
[ -e var/run ] || ln -s /run var/run

for system in bin sbin lib lib32 lib64 libx32; do
  if [ -L "/$system" ]; then
    ln -s "$(readlink "/$system")" "$root/$system"
  elif [ -d "/$system" ]; then
    mkdir -p "$root/$system" "bare/$system" ".work/$system"
    mount -t overlay overlay -o "lowerdir=$1:/$system,upperdir=bare/$system,workdir=.work/$system,userxattr" "$root/$system"
  fi
done

# The host's own programs, for stubs that lean on them.
mkdir -p "$root/run/emulator" "$root/run/host/usr" "$root/run/host/bin" "$root/run/lock"
mount --bind /usr "$root/run/host/usr"
mount -o remount,bind,ro "$root/run/host/usr"
mount --bind /bin "$root/run/host/bin"
mount -o remount,bind,ro "$root/run/host/bin"

# Read-only: a device can be written to all the same, but its owner and mode, which are the host's, cannot be changed.
for device in null zero full random urandom tty; do
  : >"$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
  mount -o remount,bind,ro "$root/dev/$device"
done
mkdir "$root/dev/pts" "$root/dev/shm"
chmod 1777 "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
ln -s /proc/self/fd/0 "$root/dev/stdin"
ln -s /proc/self/fd/1 "$root/dev/stdout"
ln -s /proc/self/fd/2 "$root/dev/stderr"
mount --rbind /proc "$root/proc"

cd "$root"
pivot_root . old
umount -l old
rmdir old
echo ready
read -r _ || true
