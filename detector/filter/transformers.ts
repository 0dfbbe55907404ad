/** Letters A to Z made small; others are left, as in the C locale. */
export function lowerAscii(text: string): string {
  return /[A-Z]/.test(text) ? text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : text;
}

/** Letters a to z made large. */
export function upperAscii(text: string): string {
  return /[a-z]/.test(text) ? text.replace(/[a-z]+/g, (letters) => letters.toUpperCase()) : text;
}

/** What follows the last slash. */
export function basename(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Decodes base64, padded or not, to text; undefined for what is none. */
export function decodeBase64(encoded: string): string | undefined {
  const digits = encoded.replace(/=+$/, '');
  if (!/^[A-Za-z0-9+/]*$/.test(digits) || digits.length % 4 === 1) return undefined;
  return cString(Buffer.from(digits, 'base64').toString('utf8'));
}

/** Decodes base64 to a byte string, one character per byte. */
export function decodeBase64Bytes(encoded: string): string | undefined {
  const digits = encoded.replace(/=+$/, '');
  if (!/^[A-Za-z0-9+/]*$/.test(digits) || digits.length % 4 === 1) return undefined;
  return Buffer.from(digits, 'base64').toString('latin1');
}

/** Length of a text in bytes. */
export function byteLength(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

/** The bytes of a text, one character per byte, as fields of bytes have them. */
export function toByteString(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** Text ends at its first NUL. */
function cString(text: string): string {
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}
