import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { packageRoot } from '../../../core/index.ts';
import type { FailureClass, MatrixCell, MatrixReport } from '../../../network/index.ts';
import { describeUnless, networkNamespace, noNetworkNamespaces } from '../../support/netns.ts';

const ROWS = ['M1', 'M2', 'M3', 'M4', 'M6', 'M15', 'node-node'];

describeUnless(noNetworkNamespaces(['iptables']), 'a matrix where the packet filter is broken', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kubedrill-filter-'));
  const program = join(folder, 'matrix-once.cjs');
  beforeAll(() => {
    buildSync({
      entryPoints: [join(packageRoot(), 'test/support/matrix-once.ts')],
      outfile: program,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      // Of a path that a bundle does not need.
      logLevel: 'error',
    });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const measureWith = (commands: string): MatrixReport => {
    const namespace = networkNamespace('filter');
    try {
      return JSON.parse(
        namespace.sh(`${process.execPath} ${program} '${commands}' '${ROWS.join(',')}'`),
      ) as MatrixReport;
    } finally {
      namespace.remove();
    }
  };
  const classesOf = (cells: readonly MatrixCell[]): readonly FailureClass[] => [
    ...new Set(cells.flatMap(({ error }) => (error === undefined ? [] : [error]))),
  ];
  const onlyPositive = ({ cells }: MatrixReport): readonly MatrixCell[] =>
    cells.filter(({ requirement, skipped }) => requirement !== 'negatives' && skipped === undefined);

  test('is green as long as it is whole', () => {
    expect(classesOf(measureWith('true').cells)).toEqual([]);
  }, 60_000);

  // All paths are dead at once: had each of them to be waited for alone, that would be minutes.
  test.each<[string, string, FailureClass[]]>([
    ['nothing may leave', 'iptables -P OUTPUT DROP', ['timeout', 'unreachable']],
    ['nothing may come in', 'iptables -P INPUT DROP', ['timeout']],
    ['all connections are reset', 'iptables -I OUTPUT -p tcp --syn -j REJECT --reject-with tcp-reset', ['refused']],
    [
      'every second packet is lost',
      'iptables -I INPUT -m statistic --mode nth --every 2 --packet 0 -j DROP',
      ['timeout'],
    ],
  ])(
    'ends when %s, with the class of it in every cell that fails',
    (_, commands, classes) => {
      const report = measureWith(commands);
      expect(report.tookMs).toBeLessThan(15_000);
      expect(classesOf(onlyPositive(report)).filter((one) => !classes.includes(one))).toEqual([]);
      expect(onlyPositive(report).some(({ ok }) => !ok)).toBe(true);
    },
    60_000,
  );

  test('believes nobody who answers in the place of others, whatever name he gives', () => {
    const everywhere = ['tcp', 'udp'].map(
      (protocol) => `iptables -t nat -A OUTPUT -p ${protocol} -j DNAT --to-destination 127.9.9.9:9999`,
    );
    const cells = measureWith(everywhere.join('; ')).cells.filter(({ skipped }) => skipped === undefined);
    expect(cells.filter(({ ok }) => ok)).toEqual([]);
    expect(classesOf(cells)).toEqual(['wrong-identity']);
    expect([...new Set(cells.map(({ answeredBy }) => answeredBy))]).toEqual(['n2/pod-a']);
  }, 60_000);
});
