import fc from 'fast-check';
import { sourceForSuite } from '../../../../labs/engine/apt-sources.ts';

const SOURCES = '/etc/apt/sources.list.d/debian.sources';
const LIST = '/etc/apt/sources.list';

describe('a source for another suite', () => {
  test.each([
    [
      'a stanza',
      SOURCES,
      'Types: deb deb-src\nURIs: http://m/debian\nSuites: bookworm\nComponents: main contrib\n',
      undefined,
    ],
    [
      'a stanza with a comment and a key',
      SOURCES,
      'Types: deb\n# note\nURIs: http://m/debian\nSuites: bookworm\nComponents: main\nSigned-By: /k.gpg\n',
      '/k.gpg',
    ],
    [
      'the second stanza',
      SOURCES,
      'Types: deb\nURIs: http://s/sec\nSuites: bookworm-security\nComponents: main\n\nTypes: deb\nURIs: http://m/debian\nSuites: bookworm bookworm-updates\nComponents: main\n',
      undefined,
    ],
    ['a line', LIST, '# old\ndeb http://m/debian bookworm main contrib\n', undefined],
    ['a line with options', LIST, 'deb [arch=amd64 signed-by=/k.gpg] http://m/debian bookworm main\n', '/k.gpg'],
  ])('has mirror and key of %s', (_name, path, text, key) => {
    const source = sourceForSuite([{ path, text }], 'bookworm', 'trixie');
    expect(source).toBe(
      `Types: deb\nURIs: http://m/debian\nSuites: trixie\nComponents: main\n${key === undefined ? '' : `Signed-By: ${key}\n`}`,
    );
  });

  test.each([
    [
      'a stanza that is switched off',
      SOURCES,
      'Enabled: no\nTypes: deb\nURIs: http://m/debian\nSuites: bookworm\nComponents: main\n',
    ],
    ['a source of sources', SOURCES, 'Types: deb-src\nURIs: http://m/debian\nSuites: bookworm\nComponents: main\n'],
    ['another suite', SOURCES, 'Types: deb\nURIs: http://m/debian\nSuites: bookworm-updates\nComponents: main\n'],
    ['another component', LIST, 'deb http://m/debian bookworm contrib\n'],
    ['a line that is commented out', LIST, '# deb http://m/debian bookworm main\n'],
  ])('is not made from %s', (_name, path, text) => {
    expect(sourceForSuite([{ path, text }], 'bookworm', 'trixie')).toBeUndefined();
  });

  test('keeps whatever mirror it finds, and nothing of the old suite', () => {
    fc.assert(
      fc.property(fc.webUrl(), (uri) => {
        const text = `Types: deb\nURIs: ${uri}\nSuites: bookworm\nComponents: main\n`;
        const source = sourceForSuite([{ path: SOURCES, text }], 'bookworm', 'trixie') ?? '';
        expect(source.split('\n')).toContain(`URIs: ${uri}`);
        expect(source.split('\n')).toContain('Suites: trixie');
      }),
    );
  });
});
