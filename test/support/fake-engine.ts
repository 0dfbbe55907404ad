import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { execaRunner, packageRoot, pathsFrom, systemClock } from '../../core/index.ts';
import type { LabDeps } from '../../labs/index.ts';

type Faults = Readonly<Record<string, { readonly exitCode?: number; readonly stderr?: string; readonly hang?: true }>>;

/** The fake docker and kind of test/fixtures/programs on the PATH of this process, with a state folder of their own. */
export interface FakeEngine {
  readonly home: string;
  readonly deps: LabDeps;
  /** What deps.reporter was told. */
  readonly said: readonly string[];
  fault(faults: Faults): void;
  kind(behaviour: 'fail' | 'hang'): void;
  /** Names of the containers and networks that there are. */
  objects(): readonly string[];
  calls(): readonly string[];
  /** Makes a container or network appear, as somebody else would make it. */
  plant(kind: 'containers' | 'networks', object: { readonly Name: string } & Readonly<Record<string, unknown>>): void;
  /** Fails when a program was called in a way that its fake does not know. */
  stop(): void;
}

export function fakeEngine(signal?: AbortSignal): FakeEngine {
  const home = mkdtempSync(join(tmpdir(), 'kd-engine-'));
  const before = { ...process.env };
  process.env['PATH'] = `${join(packageRoot(), 'test', 'fixtures', 'programs')}${delimiter}${before['PATH'] ?? ''}`;
  process.env['FAKE_ENGINE'] = home;
  const said: string[] = [];
  const read = (file: string): readonly string[] =>
    existsSync(join(home, file)) ? readFileSync(join(home, file), 'utf8').trim().split('\n') : [];
  const namesOf = (kind: string): readonly string[] =>
    existsSync(join(home, kind)) ? readdirSync(join(home, kind)).map((name) => `${kind}/${name}`) : [];
  return {
    home,
    said,
    deps: {
      runner: execaRunner(),
      paths: pathsFrom({ XDG_STATE_HOME: join(home, 'xdg-state'), XDG_CACHE_HOME: join(home, 'xdg-cache') }),
      clock: systemClock,
      reporter: {
        stage: (title, work) => {
          said.push(title);
          return work((detail) => said.push(detail));
        },
        info: (text) => said.push(text),
        warn: (text) => said.push(`warning: ${text}`),
      },
      env: {},
      ...(signal === undefined ? {} : { signal }),
    },
    fault: (faults) => writeFileSync(join(home, 'faults.json'), JSON.stringify(faults)),
    kind: (behaviour) => {
      process.env['FAKE_KIND'] = behaviour;
    },
    objects: () => [...namesOf('containers'), ...namesOf('networks')],
    calls: () => read('calls'),
    plant: (kind, object) => {
      mkdirSync(join(home, kind), { recursive: true });
      writeFileSync(join(home, kind, object.Name), JSON.stringify(object));
    },
    stop: () => {
      const unexpected = read('unexpected');
      rmSync(home, { recursive: true, force: true });
      process.env = before;
      if (unexpected.length > 0) throw new Error(`unexpected calls:\n${unexpected.join('\n')}`);
    },
  };
}
