# Runs in a container made from a node image: starts its containerd, with snapshots on a volume, because a container's own
# file system (an overlay) cannot carry another overlay's upper folder.
set -o errexit -o nounset -o pipefail

readonly STORE=/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs
readonly SNAPSHOTS=/mnt/overlayfs

mkdir -p "${SNAPSHOTS}"
if [[ -d "${STORE}" ]]; then cp --archive "${STORE}/." "${SNAPSHOTS}/"; fi
cat >/run/preload.toml <<TOML
version = 2
disabled_plugins = ["io.containerd.grpc.v1.cri"]

[plugins."io.containerd.snapshotter.v1.overlayfs"]
  root_path = "${SNAPSHOTS}"
TOML
setsid containerd --config /run/preload.toml --log-level warn </dev/null >/run/preload.log 2>&1 &
echo $! >/run/preload.pid
for _ in $(seq 150); do
  if ctr version >/dev/null 2>&1; then exit 0; fi
  sleep 0.2
done
cat /run/preload.log >&2
exit 1
