/**
 * A byte that a recording does not tell: recordings print buffers with a dot for each byte that cannot be printed, so a
 * dot there stands for one of those, or for a dot. Byte strings have no other characters above 0xff.
 */
export const UNKNOWN_BYTE = '\u0100';

/** Whether a byte string has the other at the given place; unknown bytes stand for what they may be. */
export function hasBytesAt(bytes: string, wanted: string, offset: number): boolean {
  if (offset < 0 || offset + wanted.length > bytes.length) return false;
  for (let index = 0; index < wanted.length; index++) {
    if (!isByte(bytes.charAt(offset + index), wanted.charAt(index))) return false;
  }
  return true;
}

/** Whether a byte string has the other anywhere. */
export function containsBytes(bytes: string, wanted: string): boolean {
  if (!bytes.includes(UNKNOWN_BYTE)) return bytes.includes(wanted);
  for (let offset = 0; offset + wanted.length <= bytes.length; offset++) {
    if (hasBytesAt(bytes, wanted, offset)) return true;
  }
  return false;
}

function isByte(byte: string, wanted: string): boolean {
  return byte === wanted || (byte === UNKNOWN_BYTE && (wanted === '.' || wanted < ' ' || wanted > '~'));
}

/** A byte string as recordings print it. */
export function printableBytes(bytes: string): string {
  return bytes.replaceAll(UNKNOWN_BYTE, '.');
}
