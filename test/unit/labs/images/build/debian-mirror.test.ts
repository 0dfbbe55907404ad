import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mirrorFrom, readAptFiles } from '../../../../../labs/images/build/debian-mirror.ts';

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

describe('where Debian packages come from', () => {
  test.each([
    [
      'a deb822 source',
      'debian.sources',
      'Types: deb\nURIs: http://mirror.example/debian\nSuites: bookworm bookworm-updates\nComponents: main\nSigned-By: /keys/debian.gpg\n',
      { uri: 'http://mirror.example/debian', keyring: '/keys/debian.gpg' },
    ],
    [
      'a one-line source',
      'sources.list',
      '# comment\ndeb [arch=amd64 signed-by=/keys/d.gpg] https://apt.example/debian/ trixie main contrib\n',
      { uri: 'https://apt.example/debian/', keyring: '/keys/d.gpg' },
    ],
    [
      'a one-line source without a key',
      'sources.list',
      'deb http://mirror.example/debian bookworm main\n',
      { uri: 'http://mirror.example/debian', keyring: KEYRING },
    ],
  ])('is the mirror that %s names', (_name, file, text, expected) => {
    expect(mirrorFrom([{ path: `/etc/apt/${file}`, text }])).toEqual(expected);
  });

  test.each([
    [
      'security updates only',
      'debian.sources',
      'Types: deb\nURIs: http://security.example/debian-security\nSuites: bookworm-security\nComponents: main\n',
    ],
    ['another distribution', 'sources.list', 'deb http://archive.example/ubuntu noble main universe\n'],
    [
      'a disabled source',
      'debian.sources',
      'Enabled: no\nTypes: deb\nURIs: http://mirror.example/debian\nSuites: trixie\nComponents: main\n',
    ],
    ['sources of source code', 'sources.list', 'deb-src http://mirror.example/debian bookworm main\n'],
  ])('is left to debootstrap for %s', (_name, file, text) => {
    expect(mirrorFrom([{ path: `/etc/apt/${file}`, text }])).toEqual({ keyring: KEYRING });
  });
});

describe('the files of apt', () => {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'kd-apt-'));
    mkdirSync(join(root, 'sources.list.d'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  test('are sources.list and what lies in sources.list.d, but nothing that apt itself ignores', async () => {
    writeFileSync(join(root, 'sources.list'), 'a');
    for (const name of ['b.list', 'c.sources', 'd.sources.disabled', 'e.list~']) {
      writeFileSync(join(root, 'sources.list.d', name), name);
    }
    const files = await readAptFiles(root);
    expect(files.map(({ text }) => text)).toEqual(['a', 'b.list', 'c.sources']);
  });

  test('are none where there is no apt', async () => {
    expect(await readAptFiles(join(root, 'nowhere'))).toEqual([]);
  });
});
