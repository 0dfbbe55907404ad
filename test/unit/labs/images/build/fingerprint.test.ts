import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { filesBelow, fingerprint, folderFingerprint } from '../../../../../labs/images/build/fingerprint.ts';

describe('fingerprints', () => {
  test('the order of keys does not matter, at any depth', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (document) => {
        const turned = Object.fromEntries(Object.entries(document).reverse());
        return fingerprint({ a: document, b: 1 }) === fingerprint({ b: 1, a: turned });
      }),
    );
  });

  test('any other value is another fingerprint', () => {
    const values = [{ a: 1 }, { a: '1' }, { b: 1 }, [1], [1, 2], [2, 1], 'a', '', null, [[1], 2]];
    expect(new Set(values.map(fingerprint)).size).toBe(values.length);
  });

  test('is 12 hexadecimal digits, which a tag can carry', () => {
    expect(fingerprint('x')).toMatch(/^[0-9a-f]{12}$/);
  });
});

describe('the fingerprint of a folder', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kd-print-'));
    mkdirSync(join(folder, 'deep'));
    writeFileSync(join(folder, 'deep', 'a'), 'one');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test.each<[string, (folder: string) => void]>([
    ['a changed file', (f) => writeFileSync(join(f, 'deep', 'a'), 'two')],
    ['a new file', (f) => writeFileSync(join(f, 'b'), '')],
    ['a renamed file', (f) => renameSync(join(f, 'deep', 'a'), join(f, 'a'))],
    ['a file that becomes executable', (f) => chmodSync(join(f, 'deep', 'a'), 0o755)],
  ])('%s changes it', (_name, change) => {
    const before = folderFingerprint(folder);
    change(folder);
    expect(folderFingerprint(folder)).not.toBe(before);
  });

  test('the time of a file and the place of the folder do not change it', () => {
    const before = folderFingerprint(folder);
    writeFileSync(join(folder, 'deep', 'a'), 'one');
    const moved = `${folder}-moved`;
    renameSync(folder, moved);
    folder = moved;
    expect(folderFingerprint(folder)).toBe(before);
  });

  test('files are named relative to the folder, and none in a folder that is not there', () => {
    expect(filesBelow(folder)).toEqual(['deep/a']);
    expect(filesBelow(join(folder, 'nowhere'))).toEqual([]);
  });
});
