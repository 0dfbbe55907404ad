import { startAgent } from '../../../network/agent/agent.ts';
import { measureMatrix, type MatrixReport } from '../../../network/index.ts';
import { loopbackLab, type LoopbackLab } from '../../support/loopback-lab.ts';

/** What a machine's loopback has of a lab: all but kube-proxy, CoreDNS, masquerading and the front door. */
const ROWS = ['M1', 'M2', 'M3', 'M4', 'M6', 'M15', 'M16', 'node-node'];

describe('the matrix over real agents', () => {
  let lab: LoopbackLab;
  beforeAll(async () => {
    lab = await loopbackLab(3);
  });
  afterAll(() => lab.stop());

  const measure = (): Promise<MatrixReport> => measureMatrix(lab, { rows: ROWS });
  const failing = ({ cells }: MatrixReport): readonly string[] =>
    cells
      .filter(({ ok, skipped }) => !ok && skipped === undefined)
      .map(({ from, to, protocol, error }) => `${from} → ${to} ${protocol}: ${error ?? ''}`);

  test('is green where every agent answers, with both ends in each cell', async () => {
    const report = await measure();
    expect(failing(report)).toEqual([]);
    expect(report.cells.length).toBeGreaterThan(120);
    const cell = report.cells.find(
      ({ from, to, protocol }) => from === 'n1/pod-a' && to === 'n2/pod-b' && protocol === 'udp',
    );
    expect(cell).toMatchObject({ answeredBy: 'n2/pod-b', observedSource: lab.addressOf('n1/pod-a') });
    expect(Object.entries(report.requirements).filter(([, { ok }]) => !ok)).toEqual([]);
  });

  test('has a cell for each address family, or says why not', async () => {
    const { cells } = await measure();
    expect(cells.filter(({ skipped }) => skipped !== undefined).map(({ skipped }) => skipped)).toEqual([
      "the lab's network has no IPv6",
    ]);
  });

  test('names the dead agent, as prober and as target, and nobody else', async () => {
    await lab.stopAgent('n2/pod-b');
    try {
      const report = await measure();
      const { cells, requirements } = report;
      expect(cells.filter(({ from }) => from === 'n2/pod-b').every(({ error }) => error === 'prober-down')).toBe(true);
      const to = cells.filter(({ from, to: target }) => target === 'n2/pod-b' && from !== 'n2/pod-b');
      expect(to.length).toBeGreaterThan(0);
      expect(to.filter(({ ok }) => ok)).toEqual([]);
      expect(
        cells.filter(
          ({ from, to: target, ok, skipped }) =>
            !ok && skipped === undefined && from !== 'n2/pod-b' && target !== 'n2/pod-b',
        ),
      ).toEqual([]);
      expect([requirements.R1?.ok, requirements.R2?.ok, requirements.negatives?.ok]).toEqual([false, false, true]);
    } finally {
      await lab.startAgent('n2/pod-b');
    }
  });

  test('looks again at what failed at once, and only at that', async () => {
    const orders: number[] = [];
    const flaky: LoopbackLab = {
      ...lab,
      channel: {
        ...lab.channel,
        request: async <T>(request: Parameters<typeof lab.channel.request>[0]): Promise<T> => {
          const answer = await lab.channel.request<T>(request);
          const probed = probeResultsIn(answer);
          orders.push(probed.length);
          const [first] = probed;
          if (first && !orders.slice(0, -1).some((count) => count > 0))
            first.outcome = { kind: 'failure', error: 'unreachable', detail: 'rules were being written' };
          return answer;
        },
      },
    };
    const report = await measureMatrix(flaky, { rows: ROWS });
    expect(failing(report)).toEqual([]);
    expect(report.cells.filter(({ tries }) => tries === 2)).toHaveLength(1);
    expect(orders.at(-1)).toBe(1);
  });

  test('is measured although the agent that passes requests on is dead', async () => {
    await lab.stopAgent('n1/node');
    try {
      const { cells } = await measure();
      expect(cells.filter(({ from, ok }) => from === 'n1/pod-a' && !ok).map(({ to }) => to)).toEqual([]);
    } finally {
      await lab.startAgent('n1/node');
    }
  });

  test("does not take a name for a proof: who answers at another one's address without the key is found out", async () => {
    await lab.stopAgent('n3/pod-a');
    const thief = await startAgent({ identity: 'n3/pod-a', port: 0, address: lab.addressOf('n3/pod-a') });
    lab.agents.set('n3/pod-a', thief);
    try {
      const { cells } = await measureMatrix(lab, { rows: ['M6'] });
      const stolen = cells.filter(
        ({ to, from, protocol }) => to === 'service on-n3' && from !== 'n3/pod-a' && protocol === 'tcp',
      );
      expect(stolen.length).toBeGreaterThan(0);
      for (const cell of stolen) {
        expect(cell).toMatchObject({ error: 'wrong-identity', answeredBy: 'n3/pod-a' });
        expect(cell.detail).toContain('lost the key');
      }
    } finally {
      await lab.stopAgent('n3/pod-a');
      await lab.startAgent('n3/pod-a');
    }
  });
});

/** The results of probes in an answer of the Channel, passed on or direct, as they are there: changing one changes the answer. */
function probeResultsIn(answer: unknown): { outcome: unknown }[] {
  const answers = (Array.isArray(answer) ? answer : []) as readonly { readonly body?: unknown }[];
  const all = answers.flatMap((one) => (Array.isArray(one.body) ? (one.body as object[]) : [one]));
  return all.filter((one): one is { outcome: unknown } => 'outcome' in one);
}
