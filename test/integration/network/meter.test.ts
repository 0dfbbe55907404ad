import { done, notYet, waitFor } from '../../../core/index.ts';
import {
  readMeter,
  startMeter,
  stopMeter,
  transitions,
  type MeterPath,
  type MeterReading,
} from '../../../network/index.ts';
import { loopbackLab, type LoopbackLab } from '../../support/loopback-lab.ts';

describe('the meter over real agents', () => {
  let lab: LoopbackLab;
  beforeEach(async () => {
    lab = await loopbackLab(2);
  });
  afterEach(() => lab.stop());

  const path = (kind: 'tcp' | 'udp' | 'http' | 'flow', from: string, to: string): MeterPath => ({
    name: `${kind} ${from}`,
    from,
    target: { kind, host: lab.addressOf(to), port: lab.agents.get(to)?.port ?? 0, answerers: [to] },
  });
  const reading = async (name: string): Promise<MeterReading | undefined> =>
    (await readMeter(lab)).find((one) => one.path === name);
  const until = (name: string, what: string, isSo: (reading: MeterReading) => boolean): Promise<MeterReading> =>
    waitFor(
      async () => {
        const seen = await reading(name);
        return seen !== undefined && isSo(seen) ? done(seen) : notYet(JSON.stringify(seen));
      },
      { what, timeoutMs: 15_000, intervalMs: 50 },
    );

  test('watches every kind of path, and says of each that it is good', async () => {
    const paths = (['tcp', 'udp', 'http', 'flow'] as const).map((kind) => path(kind, 'n1/pod-b', 'n2/pod-a'));
    await startMeter(lab, paths);
    for (const { name } of paths) {
      const seen = await until(name, 'ten probes', ({ probes }) => probes >= 10);
      expect(seen).toMatchObject({ failures: 0, outages: [], lastOk: true });
    }
  });

  test('sees an agent die, as one outage of the right class', async () => {
    const watched = path('tcp', 'n1/pod-b', 'n2/pod-a');
    await startMeter(lab, [watched]);
    await until(watched.name, 'a good probe', ({ lastOk }) => lastOk);
    await lab.stopAgent('n2/pod-a');
    const down = await until(watched.name, 'five bad probes', ({ failures }) => failures >= 5);
    expect(down.outages).toHaveLength(1);
    expect(down.outages[0]?.open).toBe(true);
    // The probe that was under way when it died is reset, all later ones are refused.
    expect(['refused', 'reset']).toContain(down.outages[0]?.error);
  });

  test('tells a flow that breaks from one that lasts', async () => {
    const broken = path('flow', 'n1/pod-b', 'n2/pod-a');
    const lasting = path('flow', 'n2/pod-b', 'n1/pod-a');
    await startMeter(lab, [broken, lasting]);
    await until(broken.name, 'a good probe', ({ lastOk }) => lastOk);
    await lab.stopAgent('n2/pod-a');
    const seen = await until(broken.name, 'a broken flow', ({ failures }) => failures > 0);
    expect(seen.flowBreaks).toBe(1);
    expect(await reading(lasting.name)).toMatchObject({ failures: 0, flowBreaks: 0 });
  });

  test('counts an answer without the key of the run as a failure', async () => {
    const watched = path('tcp', 'n1/pod-b', 'n2/pod-a');
    await startMeter(lab, [watched]);
    await until(watched.name, 'a good probe', ({ lastOk }) => lastOk);
    const { startAgent } = await import('../../../network/agent/agent.ts');
    const port = lab.agents.get('n2/pod-a')?.port ?? 0;
    await lab.stopAgent('n2/pod-a');
    lab.agents.set('n2/pod-a', await startAgent({ identity: 'n2/pod-a', port, address: lab.addressOf('n2/pod-a') }));
    const seen = await until(watched.name, 'an answer of the stranger', ({ failures }) => failures > 10);
    expect(seen.lastOk).toBe(false);
  });

  test('says that nothing is known of the paths of a prober that died or started anew', async () => {
    const watched = path('tcp', 'n1/pod-b', 'n2/pod-a');
    await startMeter(lab, [watched, path('tcp', 'n2/pod-b', 'n1/pod-a')]);
    await lab.stopAgent('n1/pod-b');
    expect((await reading(watched.name))?.outages[0]?.error).toBe('prober-down');
    await lab.startAgent('n1/pod-b');
    expect(await reading(watched.name)).toMatchObject({ probes: 0, lastOk: false });
  });

  test('hands out each transition once', async () => {
    const watched = path('tcp', 'n1/pod-b', 'n2/pod-a');
    await startMeter(lab, [watched]);
    await until(watched.name, 'a good probe', ({ lastOk }) => lastOk);
    const first = await transitions(lab);
    expect(first.transitions.map(({ ok }) => ok)).toEqual([true]);
    await lab.stopAgent('n2/pod-a');
    await until(watched.name, 'a bad probe', ({ lastOk }) => !lastOk);
    const second = await transitions(lab, first.cursor);
    expect(second.transitions.map(({ path: name, ok }) => [name, ok])).toEqual([[watched.name, false]]);
    expect((await transitions(lab, second.cursor)).transitions).toEqual([]);
  });

  test('looks names up with the resolver of the node', async () => {
    const names: readonly MeterPath[] = ['localhost', 'no-such-host.invalid'].map((name) => ({
      name,
      from: 'n1/node',
      target: { kind: 'dns', name },
    }));
    await startMeter(lab, names);
    expect((await until('localhost', 'lookups', ({ probes }) => probes >= 5)).failures).toBe(0);
    const missing = await until('no-such-host.invalid', 'failed lookups', ({ failures }) => failures > 0);
    expect(missing.outages[0]?.error).toBe('dns-no-answer');
  });

  test('ends when it is stopped', async () => {
    await startMeter(lab, [path('tcp', 'n1/pod-b', 'n2/pod-a')]);
    await stopMeter(lab);
    expect(await readMeter(lab)).toEqual([]);
  });

  test('refuses a path of a prober that the lab has not, and starts nothing', async () => {
    const stranger = { ...path('tcp', 'n1/pod-b', 'n2/pod-a'), from: 'n9/pod-b' };
    await expect(startMeter(lab, [stranger])).rejects.toThrow('this lab has no prober n9/pod-b');
    expect(await readMeter(lab)).toEqual([]);
  });

  test('fails to start when the prober of a path is down', async () => {
    await lab.stopAgent('n1/pod-b');
    await expect(startMeter(lab, [path('tcp', 'n1/pod-b', 'n2/pod-a')])).rejects.toThrow(
      'the meter could not be started on n1/pod-b',
    );
  });
});
