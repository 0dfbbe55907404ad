#!/bin/sh
# Builds kubedrill-sensor, one static program. Usage: build.sh OUT_FILE
# Needs clang, bpftool, gcc, and the development files of libbpf, libelf, zlib and (for a libelf that wants it) zstd.
# The kernel's part is compiled for the architecture of this machine; BPF_ONLY=arm64 compiles it for another, to check it.
set -eu

here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
out=${1:?usage: build.sh OUT_FILE}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

machine=${BPF_ONLY:-$(uname -m)}
case "$machine" in
x86_64) arch=x86 ;;
aarch64 | arm64) arch=arm64 ;;
*)
  echo "build.sh: no sensor for $machine: x86_64 and aarch64 only" >&2
  exit 1
  ;;
esac

# Where Debian keeps asm/types.h.
include=/usr/include/$(gcc -dumpmachine)

clang -O2 -g -Wall -Wextra -Werror -Wno-unused-parameter -target bpf "-D__TARGET_ARCH_$arch" "-I$include" \
  -c "$here/sensor.bpf.c" -o "$work/sensor.bpf.o"
if [ -n "${BPF_ONLY:-}" ]; then
  cp "$work/sensor.bpf.o" "$out"
  exit 0
fi

# bpftool lies outside an ordinary PATH on Debian.
PATH=$PATH:/usr/sbin:/sbin
bpftool gen skeleton "$work/sensor.bpf.o" name sensor_bpf >"$work/sensor.skel.h"

zstd=$(printf 'int main(void){return 0;}' | gcc -x c - -static -lzstd -o "$work/probe" 2>/dev/null && echo -lzstd || true)
# shellcheck disable=SC2086
gcc -O2 -Wall -Wextra -Werror -Wno-missing-field-initializers -static "-I$work" "-I$here" \
  "$here/main.c" "$here/accounts.c" "$here/hooks.c" "$here/link.c" "$here/open-filter.c" "$here/snapshot.c" -o "$work/kubedrill-sensor" -lbpf -lelf -lz $zstd
strip "$work/kubedrill-sensor"
mv "$work/kubedrill-sensor" "$out"
