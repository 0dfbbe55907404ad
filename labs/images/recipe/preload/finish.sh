# Runs after the import: ends containerd, and moves what is big out of /var. kind makes /var a volume, into which the engine
# copies what the image has there, once a node; what lies below /kind stays in the image, and is read through links.
set -o errexit -o nounset -o pipefail

readonly ROOT=/var/lib/containerd
readonly CONTENT="${ROOT}/io.containerd.content.v1.content"
readonly STORE="${ROOT}/io.containerd.snapshotter.v1.overlayfs"
readonly SNAPSHOTS=/mnt/overlayfs
readonly KEPT=/kind/containerd

# Pinned: kubelet's image collection leaves them alone.
for image in $(ctr --namespace k8s.io images list -q); do
  ctr --namespace k8s.io images label "${image}" io.cri-containerd.pinned=pinned >/dev/null
done

pid="$(cat /run/preload.pid)"
kill "${pid}"
# Nobody buries it here: a process that has ended still is one, without a program.
while readlink "/proc/${pid}/exe" >/dev/null; do sleep 0.1; done

mkdir -p "${KEPT}/snapshots"
rm -rf "${CONTENT}/ingest" "${ROOT}/tmpmounts"
if [[ ! -L "${CONTENT}" ]]; then
  mv "${CONTENT}" "${KEPT}/content"
  ln -s "${KEPT}/content" "${CONTENT}"
fi
rm -rf "${STORE}"
mkdir -p -m 0700 "${STORE}/snapshots"
cp --archive "${SNAPSHOTS}/metadata.db" "${STORE}/"
for snapshot in "${SNAPSHOTS}"/snapshots/*; do
  id="${snapshot##*/}"
  if [[ ! -L "${snapshot}" ]]; then cp --archive "${snapshot}" "${KEPT}/snapshots/${id}"; fi
  ln -s "${KEPT}/snapshots/${id}" "${STORE}/snapshots/${id}"
done
