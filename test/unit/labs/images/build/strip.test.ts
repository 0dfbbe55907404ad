import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { strip } from '../../../../../labs/images/build/strip.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'kd-strip-'));
  for (const file of [
    'usr/share/doc/a/README',
    'usr/share/man/x',
    'usr/lib/x86/libapt-pkg.so',
    'usr/lib/x86/libc.so',
    'var/cache/deep/file',
  ]) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), '');
  }
});
afterEach(() => rmSync(root, { recursive: true }));

const left = (file: string): boolean => existsSync(join(root, file));

describe('stripping a root file system', () => {
  test('removes what is named, and nothing else', async () => {
    await strip(root, ['usr/share/doc', 'usr/lib/*/libapt-*', 'var/cache/*', 'usr/share/not-there', 'opt/*/x']);
    expect(['usr/share/doc', 'usr/lib/x86/libapt-pkg.so', 'var/cache/deep'].filter(left)).toEqual([]);
    expect(['usr/share/man/x', 'usr/lib/x86/libc.so', 'var/cache'].filter(left)).toHaveLength(3);
  });

  test('a star stands for a part of one component only', async () => {
    await strip(root, ['usr/*/README', 'usr/lib/*.so']);
    expect(['usr/share/doc/a/README', 'usr/lib/x86/libc.so'].filter(left)).toHaveLength(2);
  });

  test('a link is removed, not what it points to', async () => {
    symlinkSync(join(root, 'usr/share/man'), join(root, 'var/cache/link'));
    await strip(root, ['var/cache/*']);
    expect(left('usr/share/man/x')).toBe(true);
    expect(left('var/cache/link')).toBe(false);
  });
});
