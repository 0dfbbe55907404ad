import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentReporter, type Reporter } from '../../../../../core/index.ts';
import {
  buildFolder,
  buildStage,
  stageFolder,
  stageKey,
  unfinished,
  type BuildDeps,
  type Stage,
} from '../../../../../labs/images/build/stage.ts';
import { scriptedRunner } from '../../../../support/scripted-runner.ts';

let cache = '';
let made: string[] = [];
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'kd-stage-'));
  made = [];
});
afterEach(() => rmSync(cache, { recursive: true }));

const deps = (reporter: Reporter = silentReporter): BuildDeps => ({
  runner: scriptedRunner(),
  paths: { cache, state: cache },
  reporter,
});

function stage(name: string, needs: readonly Stage[] = [], change: Partial<Stage> = {}): Stage {
  return {
    name,
    title: `Make ${name}`,
    inputs: { version: '1' },
    needs,
    tools: [],
    diskBytes: 0,
    make: async ({ folder, resultOf }) => {
      made.push(name);
      const below = needs.map((needed) => readFileSync(join(resultOf(needed), 'result'), 'utf8'));
      writeFileSync(join(folder, 'result'), [...below, name].join('+'));
    },
    ...change,
  };
}

describe('a stage', () => {
  test('is made once, after what it needs, and found again', async () => {
    const base = stage('base');
    const top = stage('top', [base, stage('side', [base])]);
    const folder = await buildStage(top, deps());
    expect(made).toEqual(['base', 'side', 'top']);
    expect(readFileSync(join(folder, 'result'), 'utf8')).toBe('base+base+side+top');
    expect(await buildStage(top, deps())).toBe(folder);
    expect(made).toHaveLength(3);
  });

  test('is made anew when an input of it changes, and only what stands on it', async () => {
    const base = stage('base');
    await buildStage(stage('top', [base]), deps());
    await buildStage(stage('top', [base], { inputs: { version: '2' } }), deps());
    expect(made).toEqual(['base', 'top', 'top']);
  });

  test('has another address when something that it needs changes', () => {
    const changed = stage('base', [], { inputs: { version: '2' } });
    expect(stageKey(stage('top', [changed]))).not.toBe(stageKey(stage('top', [stage('base')])));
    expect(stageKey(stage('top', [stage('base')]))).toBe(stageKey(stage('top', [stage('base')])));
  });

  test('leaves no result when it fails, and the next build goes on there', async () => {
    const base = stage('base');
    const failing = stage('top', [base], {
      make: async ({ folder }) => {
        writeFileSync(join(folder, 'half'), '');
        throw new Error('no space left on device');
      },
    });
    await expect(buildStage(failing, deps())).rejects.toThrow('no space left on device');
    expect(existsSync(stageFolder(failing, deps().paths))).toBe(false);
    const folder = await buildStage(stage('top', [base]), deps());
    expect(made).toEqual(['base', 'top']);
    expect(readdirSync(folder)).toEqual(['result']);
  });

  test('starts from an empty folder also after a build that was killed, and clears what that one left', async () => {
    const partial = join(buildFolder(deps().paths), 'top-000000000000.partial');
    mkdirSync(partial, { recursive: true });
    writeFileSync(join(partial, 'half'), '');
    await buildStage(stage('top'), deps());
    expect(existsSync(partial)).toBe(false);
  });

  test('that are not made are listed once, those needed first', async () => {
    const base = stage('base');
    const left = stage('left', [base]);
    const right = stage('right', [base]);
    const names = (): readonly string[] => unfinished([left, right], deps().paths).map(({ name }) => name);
    expect(names()).toEqual(['base', 'left', 'right']);
    await buildStage(left, deps());
    expect(names()).toEqual(['right']);
  });

  test('tells its title and what it does right now', async () => {
    const said: string[] = [];
    const reporter: Reporter = {
      ...silentReporter,
      stage: (title, work) => work((detail) => said.push(`${title}: ${detail}`)),
    };
    const talking = stage('talking', [], { make: async ({ detail }) => detail('unpack') });
    await buildStage(talking, deps(reporter));
    expect(said).toEqual(['Make talking: unpack']);
  });
});
