import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { packageRoot } from '../../core/index.ts';

// The walls are lint rules too; this reads the import lines themselves, so that a lint exception cannot open one.
const MAY_USE: Readonly<Record<string, readonly string[]>> = {
  core: [],
  network: ['core'],
  detector: ['core'],
  labs: ['core', 'network', 'detector'],
  scenarios: ['core', 'network', 'detector', 'labs'],
  cli: ['core', 'network', 'detector', 'labs', 'scenarios'],
};
/** Bundled programs take single files of core, and nothing else, by path. */
const TOOLBOX_PROGRAMS =
  /^(network\/agent|labs\/keeper|detector\/(app|source|enrich|output|config|event|filter|ruleset|engine|alert))\//;

const root = packageRoot();

function imports(room: string): readonly { readonly file: string; readonly target: string }[] {
  return readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => {
      const file = join(room, name);
      const text = readFileSync(join(root, file), 'utf8');
      const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map((match) => match[1] ?? '');
      return specifiers.map((specifier) => ({ file, target: relative(root, resolve(root, file, '..', specifier)) }));
    });
}

describe.each(Object.entries(MAY_USE))('the room %s', (room, allowed) => {
  const outside = imports(room).filter(({ target }) => !target.startsWith(`${room}/`));

  test(`uses only ${allowed.join(', ') || 'itself'}`, () => {
    expect(outside.filter(({ target }) => !allowed.some((other) => target.startsWith(`${other}/`)))).toEqual([]);
  });

  test('enters other rooms through their index.ts', () => {
    const around = outside.filter(
      ({ file, target }) =>
        !target.endsWith('/index.ts') && !(TOOLBOX_PROGRAMS.test(file) && target.startsWith('core/')),
    );
    expect(around).toEqual([]);
  });
});

test('the walls see imports at all', () => {
  expect(imports('cli').length).toBeGreaterThan(20);
});
