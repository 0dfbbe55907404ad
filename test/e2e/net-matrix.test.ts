import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execaRunner } from '../../core/index.ts';
import type { Explanation, MatrixCell, MatrixReport } from '../../network/index.ts';
import { E2E_LAB } from '../support/e2e-lab.ts';
import { engineGap } from '../support/engine.ts';
import { kubedrill, kubedrillJson } from '../support/kubedrill.ts';

const gap = await engineGap();
const realTest = gap === undefined ? test : test.skip;
const MINUTE_MS = 60_000;
const WORKER = `${E2E_LAB}-worker`;
const inLab = ['--name', E2E_LAB];
const docker = execaRunner();

/**
 * What no path may exceed: handing out keys, two tries of three seconds in all, the second look, and the way into a node, with some seconds
 * for a busy machine. A hang would be minutes.
 */
const LONGEST_MS = 20_000;

function onWorker(script: string): Promise<unknown> {
  return docker.run('docker', ['exec', WORKER, 'sh', '-c', script]);
}

function matrix(): Promise<MatrixReport> {
  return kubedrillJson<MatrixReport>(['net', 'matrix', ...inLab], [0, 3]);
}

describe(`net matrix${gap ?? ''}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'kubedrill-matrix-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  realTest(
    'is complete on a healthy lab: every path, both ends, and a reason for all that is skipped',
    async () => {
      const { cells, requirements } = await matrix();
      expect(cells.filter(isFailed)).toEqual([]);
      expect(Object.keys(requirements).sort()).toEqual(['R1', 'R2', 'R3', 'dns', 'egress', 'ingress', 'negatives']);
      const measured = cells.filter(({ skipped }) => skipped === undefined);
      expect(measured.length).toBeGreaterThanOrEqual(550);
      const judged = measured.filter(({ expectedSource, row }) => expectedSource !== undefined && row !== 'M16');
      expect(judged.filter(({ sentSource, observedSource }) => !sentSource || !observedSource)).toEqual([]);
      expect(cells.find(({ row }) => row === 'M15-policy')?.skipped).toContain('enforces no network policy');
      expect(cells.find(({ row }) => row === 'M6-api')?.answeredBy).toBe('kube-apiserver');
    },
    MINUTE_MS,
  );

  realTest(
    'writes a page, and names the file that it cannot write',
    async () => {
      const file = join(folder, 'network.html');
      expect((await kubedrill(['net', 'matrix', ...inLab, '--html', file])).exitCode).toBe(0);
      expect(readFileSync(file, 'utf8')).toContain('✓ All 7 requirements are kept');
      const nowhere = await kubedrill(['net', 'matrix', ...inLab, '--html', join(folder, 'none', 'x.html')]);
      expect([nowhere.exitCode, nowhere.stderr]).toEqual([1, expect.stringContaining('none/x.html')]);
    },
    2 * MINUTE_MS,
  );

  realTest(
    'explains a cell by the hop that fails',
    async () => {
      const cut = 'FORWARD -p tcp --dport 8080 -j DROP';
      const cell = `${E2E_LAB}-worker2/pod-b -> service on-${WORKER} tcp`;
      const explain = (): Promise<Explanation> =>
        kubedrillJson<Explanation>(['net', 'matrix', ...inLab, '--explain', cell], [0, 3]);
      await onWorker(`iptables -I ${cut}`);
      try {
        expect((await explain()).verdict).toEqual({
          ok: false,
          says: `timeout: dropped on ${WORKER} by rule 1 of FORWARD: -p tcp -m tcp --dport 8080 -j DROP`,
        });
      } finally {
        await onWorker(`iptables -D ${cut}`);
      }
      expect((await explain()).verdict).toEqual({ ok: true, says: 'it works' });
    },
    2 * MINUTE_MS,
  );

  // nat without rules: Service addresses leave the node, and something outside might answer there.
  realTest.each([
    ['nat is flushed', 'iptables -t nat -F', ['M6', 'M8', 'M9'], ['M1', 'M2', 'node-node']],
    ['filter is flushed', 'iptables -F', [], ['M1', 'M2', 'M6', 'M8', 'M9', 'node-node']],
    ['everything is flushed', 'nft flush ruleset', ['M6', 'M8', 'M9'], ['M1', 'M2', 'node-node']],
    ['nothing may leave it', 'iptables -P OUTPUT DROP', ['M4', 'M8', 'node-node'], ['M1', 'M2']],
    ['nothing may pass it', 'iptables -P FORWARD DROP; iptables -I FORWARD -j DROP', ['M2', 'M6'], ['node-node', 'M3']],
  ] as const)(
    'ends in time when on a node %s, tells what is dead, and takes no answer from outside',
    async (_, command, dead, alive) => {
      await onWorker('iptables-save > /tmp/kept && ip6tables-save > /tmp/kept6');
      // It would write its rules again within 30 s of a flush of everything, and so in the middle of a measurement.
      await onWorker('kill -STOP $(pgrep -x kube-proxy)');
      try {
        await onWorker(command);
        const { cells, tookMs } = await matrix();
        const own = cells.filter(({ from, skipped }) => from.startsWith(`${WORKER}/`) && skipped === undefined);
        const ofRows = (rows: readonly string[]): readonly MatrixCell[] => own.filter(({ row }) => rows.includes(row));
        expect(tookMs).toBeLessThan(LONGEST_MS);
        expect(dead.filter((row) => !ofRows([row]).some(isFailed))).toEqual([]);
        expect(ofRows(alive).filter(isFailed)).toEqual([]);
        // Whatever answers has to be one of the lab's own, and the right one.
        expect(cells.filter(({ ok, answeredBy }) => ok && answeredBy !== undefined && !isOurs(answeredBy))).toEqual([]);
        expect(own.filter(({ error }) => error === 'wrong-identity')).toEqual([]);
      } finally {
        await onWorker('kill -CONT $(pgrep -x kube-proxy)');
        await onWorker('iptables -P OUTPUT ACCEPT; iptables -P FORWARD ACCEPT');
        await onWorker('iptables-restore < /tmp/kept && ip6tables-restore < /tmp/kept6; rm /tmp/kept /tmp/kept6');
      }
      expect((await matrix()).cells.filter(isFailed)).toEqual([]);
    },
    3 * MINUTE_MS,
  );
});

function isFailed({ ok, skipped }: MatrixCell): boolean {
  return !ok && skipped === undefined;
}

function isOurs(name: string): boolean {
  return name === 'ext' || name === 'kube-apiserver' || name.startsWith(`${E2E_LAB}-`) || name.startsWith('shop/web-');
}
