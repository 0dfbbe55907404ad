import { posix } from 'node:path';
import type { SensorRecord } from '../source/record.ts';

/**
 * The path in a string of the record, made absolute by the directory in the string behind it, and tidied as text: a link
 * on the way is not followed, as the name that was asked for is what rules speak of.
 */
export function pathAt(record: SensorRecord, slot: 0 | 2): string {
  const given = record.text(slot);
  const joined = given.startsWith('/') ? given : `${record.walkedPath(slot + 1)}/${given}`;
  const tidy = posix.normalize(joined).replace(/^\/\//, '/');
  return tidy.length > 1 && tidy.endsWith('/') ? tidy.slice(0, -1) : tidy;
}

/** Calls on paths: which strings of the record are paths, in the order of the arguments. */
const PATHS: Readonly<Record<string, readonly (0 | 2)[]>> = {
  ...on(
    [0],
    'chdir chroot unlink unlinkat rmdir mkdir mkdirat chmod fchmodat chown lchown fchownat mknod mknodat umount2 ' +
      'open openat openat2 creat',
  ),
  ...on([0, 2], 'rename renameat renameat2 link linkat'),
  ...on([2], 'symlink symlinkat mount'),
};

function on(slots: readonly (0 | 2)[], types: string): Readonly<Record<string, readonly (0 | 2)[]>> {
  return Object.fromEntries(types.split(' ').map((type) => [type, slots]));
}

/** The strings of the record that are paths; none for calls on other things. */
export function pathsOf(type: string): readonly (0 | 2)[] {
  return PATHS[type] ?? [];
}
