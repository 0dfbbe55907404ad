import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Short (12 hex digits) SHA-256 of a JSON document; the order of keys does not matter. */
export function fingerprint(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('hex').slice(0, 12);
}

/** Fingerprint of every file below a folder: names, contents and whether they are executable. */
export function folderFingerprint(folder: string): string {
  return fingerprint(
    filesBelow(folder).map((file) => {
      const path = join(folder, file);
      const hash = createHash('sha256').update(readFileSync(path)).digest('hex');
      return [file, hash, (statSync(path).mode & 0o100) !== 0];
    }),
  );
}

/** Paths of the files below a folder, relative to it, sorted; none for a folder that is not there. */
export function filesBelow(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
