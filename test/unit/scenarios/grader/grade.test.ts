import { silentReporter } from '../../../../core/index.ts';
import type { Check, ExpectedAlert } from '../../../../scenarios/define.ts';
import { grade } from '../../../../scenarios/grader/grade.ts';
import { answer, hint, solutionOfRun } from '../../../../scenarios/runner/learner.ts';
import { start } from '../../../../scenarios/runner/start.ts';
import { stop } from '../../../../scenarios/runner/stop.ts';
import { CONFIG, fakeEntry, type FakeOptions, type FakeParameters } from '../support/fake-scenario.ts';
import { fakeWorld, type FakeWorld } from '../support/fake-world.ts';

let world: FakeWorld | undefined;
afterEach(() => world?.remove());

async function running(options: FakeOptions = {}): Promise<FakeWorld> {
  world = await fakeWorld([fakeEntry(options)], [CONFIG]);
  await start(world.env, 'S99', {}, silentReporter);
  return world;
}

const gradeNow = (of: FakeWorld, holdMs = 3_000): ReturnType<typeof grade> => grade(of.env, { holdMs }, silentReporter);

/** By the learner, now. */
const tamperAlert = ({ clock }: FakeWorld): FakeWorld['reading']['alerts'][number] => ({
  rule: 'KD Detector or probe tampered',
  priority: 'CRITICAL',
  source: 'k8s_audit',
  node: 'lab-control-plane',
  timeMs: clock.now().getTime(),
  latencyMs: 10,
  about: { user: 'kubernetes-admin' },
});

interface Asked extends Check<FakeParameters> {
  /** How often. */
  readonly asked: () => number;
}

/** A check that is asked again and again, and answers what it was given, the last answer for ever. */
function check(id: string, answers: readonly boolean[], more: Partial<Check<FakeParameters>> = {}): Asked {
  let asked = 0;
  return {
    id,
    says: `check ${id}`,
    points: 50,
    kind: 'observing',
    asked: () => asked,
    run: async () => {
      const ok = answers[Math.min(asked++, answers.length - 1)] ?? false;
      return { ok, observed: ok ? 'good' : 'bad' };
    },
    ...more,
  };
}

describe('a grade', () => {
  test('of an unsolved run is not passed, and says what was observed', async () => {
    const result = await gradeNow(await running());
    expect(result).toMatchObject({
      apiVersion: 'kubedrill/v1',
      scenario: 'S99',
      passed: false,
      score: 0,
      max: 100,
      inconclusive: false,
      checks: [{ id: 'P1', ok: false, points: 0, max: 100, observed: 'they are not' }],
      requirements: { R1: { ok: true } },
    });
  });

  test.each([
    [
      'rules of the detector were changed',
      (now: FakeWorld) => (now.reading = { ...now.reading, rulesets: { 'lab-worker': 'other' } }),
      'lab-worker: the detector runs other rules',
    ],
    [
      'the detector saw somebody at it',
      (now: FakeWorld) => (now.reading = { ...now.reading, alerts: [tamperAlert(now)] }),
      'alert "KD Detector or probe tampered", seen 1 times',
    ],
    [
      'an object of the probes was changed behind its back',
      (now: FakeWorld) =>
        now.kube.create({
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: 'all', namespace: 'kubedrill-probes' },
        }),
      'Service kubedrill-probes/all is new',
    ],
  ])('of a repaired run is void when %s', async (_name, tamper, says) => {
    world = await fakeWorld([fakeEntry()], [CONFIG]);
    const now = world;
    now.reading = { ...now.reading, rulesets: { 'lab-worker': 'ours' } };
    await start(now.env, 'S99', {}, silentReporter);
    now.rules.set('lab-worker', ['rule of lab-worker']);
    await now.clock.sleep(10_000);
    await tamper(now);
    expect(await gradeNow(now)).toMatchObject({
      passed: false,
      inconclusive: true,
      score: 100,
      inconclusiveReasons: [`the probes or the detector were tampered with: ${says}`],
    });
  });

  test('of a repaired run is passed, and is the same when it is asked for again', async () => {
    const now = await running();
    now.rules.set('lab-worker', ['rule of lab-worker']);
    const first = await gradeNow(now);
    expect(first).toMatchObject({ passed: true, score: 100 });
    expect(await gradeNow(now)).toEqual(first);
  });

  test('counts a check only when it holds', async () => {
    const result = await gradeNow(await running({ checks: [check('P1', [true, false])] }));
    expect(result.checks).toMatchObject([{ ok: false, observed: 'it did not hold: bad' }]);
  });

  test('counts a check only when its paths do not fail meanwhile', async () => {
    const flaky = check('P1', [true], { paths: () => ['o.p2p'] });
    const now = await running({ checks: [flaky] });
    now.failing.add('o.p2p');
    expect((await gradeNow(now)).checks).toMatchObject([{ ok: false, observed: expect.stringContaining('o.p2p') }]);
  });

  test('tries acting checks only when all observing ones hold: an act could itself repair the lab', async () => {
    const acting = check('P2', [true], { kind: 'acting' });
    const unsolved = await running({ checks: [check('P1', [false]), acting] });
    expect((await gradeNow(unsolved)).checks).toMatchObject([
      { id: 'P1', ok: false },
      { id: 'P2', ok: false, observed: 'not tried: first everything else has to hold' },
    ]);
    expect(acting.asked()).toBe(0);
  });

  test('asks acting checks once, after the others', async () => {
    const acting = check('P2', [true], { kind: 'acting' });
    const observing = check('P1', [true]);
    expect(await gradeNow(await running({ checks: [observing, acting] }))).toMatchObject({ passed: true, score: 100 });
    expect([observing.asked(), acting.asked()]).toEqual([2, 1]);
  });

  test('passes without a check that only counts, for fewer points', async () => {
    const result = await gradeNow(
      await running({ checks: [check('P1', [true]), check('P2', [false], { weight: 'counts' })] }),
    );
    expect(result).toMatchObject({ passed: true, score: 50, max: 100 });
  });

  test('takes a check that cannot be made for one that fails', async () => {
    const broken = check('P1', [true], { run: () => Promise.reject(new Error('no such pod')) });
    expect((await gradeNow(await running({ checks: [broken] }))).checks).toMatchObject([
      { ok: false, observed: 'it could not be looked at: no such pod' },
    ]);
  });

  test('is not passed when an alert that must come did not, or one that may never come did', async () => {
    const now = await running({
      checks: [check('P1', [true])],
      alerts: [{ rule: 'Never', expected: 'never' }],
    });
    expect((await gradeNow(now)).passed).toBe(true);
    now.clock.ms += 60_000;
    const alert = { rule: 'Never', priority: 'Notice', source: 'syscall', node: 'lab-worker', latencyMs: 1, about: {} };
    now.reading = { ...now.reading, alerts: [{ ...alert, timeMs: now.clock.now().getTime() }] };
    now.clock.ms += 60_000;
    expect(await gradeNow(now)).toMatchObject({
      passed: false,
      score: 40,
      alerts: [{ rule: 'Never', observed: 1, actor: 'learner' }],
    });
  });

  test('is inconclusive with a detector that was restarted', async () => {
    const now = await running({ checks: [check('P1', [true])] });
    now.reading = { ...now.reading, gaps: ['lab-worker: restarted'] };
    expect(await gradeNow(now)).toMatchObject({
      passed: false,
      inconclusive: true,
      inconclusiveReasons: ['lab-worker: restarted'],
    });
  });

  describe('of which system calls were lost', () => {
    const lost = {
      drops: 3,
      losses: [{ node: 'lab-worker', source: 'syscall', says: 'lost: 3' }],
      sources: { Shell: 'syscall', Exec: 'k8s_audit' },
    } as const;
    const expecting = (...alerts: ExpectedAlert[]): FakeOptions => ({ checks: [check('P1', [true])], alerts });

    test.each<[string, ExpectedAlert]>([
      ['may never come', { rule: 'Shell', expected: 'never' }],
      ['may never come of that node', { rule: 'Shell', expected: 'never', node: 'lab-worker' }],
      ['is of a rule that no engine runs', { rule: 'Gone', expected: 'never' }],
    ])('is inconclusive when an alert of such events %s', async (_name, alert) => {
      const now = await running(expecting(alert));
      now.reading = { ...now.reading, ...lost };
      expect(await gradeNow(now)).toMatchObject({
        passed: false,
        inconclusive: true,
        inconclusiveReasons: ['lab-worker: lost: 3'],
        detectorDrops: 3,
      });
    });

    test.each<[string, ExpectedAlert]>([
      ['are of audit events', { rule: 'Exec', expected: 'never' }],
      ['are of another node', { rule: 'Shell', expected: 'never', node: 'lab-worker2' }],
      ['may come or not', { rule: 'Shell', expected: 'may' }],
    ])('is passed when the alerts that count %s', async (_name, alert) => {
      const now = await running(expecting(alert));
      now.reading = { ...now.reading, ...lost };
      expect(await gradeNow(now)).toMatchObject({ passed: true, inconclusive: false, detectorDrops: 3 });
    });
  });

  describe('of which events were judged by less than they held', () => {
    const excuses = [{ node: 'lab-worker', source: 'syscall', says: 'events that were cut: 5' }] as const;
    const must = (node: string): FakeOptions => ({
      checks: [check('P1', [true])],
      alerts: [{ rule: 'Must', expected: 'must', deadlineMs: 1_000, node }],
    });

    test('is failed when the alert should have come of audit events, which were judged by all they held', async () => {
      const now = await running(must('lab-worker'));
      now.reading = { ...now.reading, excuses, sources: { Must: 'k8s_audit' } };
      expect(await gradeNow(now)).toMatchObject({ passed: false, inconclusive: false });
    });

    test('is inconclusive instead of failed when an expected alert of that node is missing', async () => {
      const now = await running(must('lab-worker'));
      now.reading = { ...now.reading, excuses, sources: { Must: 'syscall' } };
      expect(await gradeNow(now)).toMatchObject({
        passed: false,
        inconclusive: true,
        inconclusiveReasons: ['the alert "Must" is missing, perhaps for this: lab-worker: events that were cut: 5'],
      });
    });

    test('is failed when the alert should have come from another node', async () => {
      const now = await running(must('lab-worker2'));
      now.reading = { ...now.reading, excuses };
      expect(await gradeNow(now)).toMatchObject({ passed: false, inconclusive: false });
    });

    test('is passed when no alert is missing', async () => {
      const now = await running({ checks: [check('P1', [true])], alerts: [{ rule: 'Never', expected: 'never' }] });
      now.reading = { ...now.reading, excuses };
      expect(await gradeNow(now)).toMatchObject({ passed: true, inconclusive: false });
    });
  });

  test('is refused while the API server is away, and works again when it is back', async () => {
    const now = await running();
    now.kube.isUp = false;
    await expect(gradeNow(now)).rejects.toMatchObject({
      what: 'cannot grade now: the API server does not answer',
      why: expect.stringContaining('no answer from the API server'),
      hint: expect.stringContaining('kubedrill stop'),
    });
    now.kube.isUp = true;
    expect((await gradeNow(now)).passed).toBe(false);
  });

  test('needs a run', async () => {
    world = await fakeWorld([fakeEntry()], [CONFIG]);
    await expect(gradeNow(world)).rejects.toMatchObject({ exitCode: 5 });
  });
});

describe('a learner', () => {
  test('gets one hint after the other, and then no more', async () => {
    const now = await running();
    expect(await hint(now.env)).toEqual({ number: 1, of: 2, text: 'look' });
    expect(await hint(now.env)).toEqual({ number: 2, of: 2, text: 'look closer' });
    await expect(hint(now.env)).rejects.toMatchObject({ exitCode: 2, hint: 'kubedrill solution' });
    expect((await gradeNow(now)).hintsUsed).toBe(2);
  });

  test('answers question by question, and may change their mind', async () => {
    const now = await running();
    await answer(now.env, { node: 'lab-worker' });
    expect(await answer(now.env, { node: 'lab-control-plane', why: 'flushed' })).toEqual({
      node: 'lab-control-plane',
      why: 'flushed',
    });
    expect((await gradeNow(now)).answers).toEqual({ node: 'lab-control-plane', why: 'flushed' });
  });

  test.each([
    [
      'a key that is not asked for',
      { nod: 'lab-worker' },
      { why: 'it asks for node, why', hint: 'kubedrill answer node=…' },
    ],
    ['a node that there is not', { node: 'lab-worke' }, { hint: 'kubedrill answer node=lab-worker' }],
  ])('is told about %s with exit code 2, and nothing is recorded', async (_name, answers, error) => {
    const now = await running();
    await expect(answer(now.env, { why: 'x', ...answers })).rejects.toMatchObject({ exitCode: 2, ...error });
    expect((await gradeNow(now)).answers).toEqual({});
  });

  test('can look at the solution', async () => {
    const now = await running();
    expect(await solutionOfRun(now.env)).toContain('## Diagnosis');
  });

  test('has nothing to answer after stop', async () => {
    const now = await running();
    await stop(now.env, silentReporter);
    await expect(answer(now.env, { node: 'lab-worker' })).rejects.toMatchObject({ exitCode: 5 });
  });
});
