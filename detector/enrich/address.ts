/** The text of an IPv4 (4 bytes) or IPv6 address (16 bytes) in network order; IPv4 within IPv6 is written as IPv4. */
export function addressText(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join('.');
  if (isMappedV4(bytes)) return bytes.subarray(12).join('.');
  const groups = Array.from({ length: 8 }, (_, n) => bytes.readUInt16BE(2 * n).toString(16));
  const run = longestZeroRun(groups);
  if (run.length < 2) return groups.join(':');
  return `${groups.slice(0, run.start).join(':')}::${groups.slice(run.start + run.length).join(':')}`;
}

export function isMappedV4(bytes: Buffer): boolean {
  return bytes.length === 16 && MAPPED_PREFIX.equals(bytes.subarray(0, 12));
}

const MAPPED_PREFIX = Buffer.from('00000000000000000000ffff', 'hex');

function longestZeroRun(groups: readonly string[]): { readonly start: number; readonly length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  groups.forEach((group, at) => {
    if (group !== '0') start = at + 1;
    else if (at + 1 - start > best.length) best = { start, length: at + 1 - start };
  });
  return best;
}
