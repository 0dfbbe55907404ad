import type { AlertDocument, Attribution } from '../../../detector/index.ts';
import { linkSessions, SessionLinks } from '../../../detector/session-links.ts';

const SECOND = 1_000_000_000n;

function alert(rule: string, atNs: bigint, attribution: Partial<Attribution>): AlertDocument {
  return {
    ...{
      time: '2026-01-01T00:00:00Z',
      rule,
      priority: 'Notice',
      hostname: 'n',
      output: '',
      tags: [],
      output_fields: {},
    },
    ...{ sequence: 1, latencyMs: 1, monotonicNs: String(atNs) },
    source: attribution.auditId === undefined ? 'syscall' : 'k8s_audit',
    attribution: { node: 'lab-worker', namespace: 'shop', pod: 'web-0', ...attribution },
  };
}

function exec(atNs: bigint, user: string, more: Partial<Attribution> = {}): AlertDocument {
  return alert('Attach/Exec Pod', atNs, { node: 'lab-control-plane', user, auditId: `audit of ${user}`, ...more });
}

function shell(beganNs: bigint, more: Partial<Attribution> = {}): AlertDocument {
  return alert('Terminal shell in container', beganNs + 5n, {
    entry: { pid: 4711, monotonicNs: String(beganNs), command: 'bash' },
    ...more,
  });
}

function sessionOf(alerts: readonly AlertDocument[]): readonly unknown[] {
  return linkSessions(alerts).map(({ attribution }) => attribution.session?.user ?? attribution.entry?.node);
}

describe('linkSessions', () => {
  test('says of what runs in a pod who opened the session, and of the opening what began on which node', () => {
    const linked = linkSessions([exec(10n * SECOND, 'olga'), shell(10n * SECOND + 200n)]);
    expect(linked.map(({ attribution }) => attribution)).toMatchObject([
      { auditId: 'audit of olga', entry: { pid: 4711, command: 'bash', node: 'lab-worker' } },
      { pod: 'web-0', session: { user: 'olga', auditId: 'audit of olga' } },
    ]);
  });

  test('also of what is done in the session much later, as it goes by when the session began', () => {
    const late = alert('Remove Bulk Data from Disk', 500n * SECOND, {
      entry: { pid: 4711, monotonicNs: String(10n * SECOND), command: 'bash' },
    });
    expect(sessionOf([exec(10n * SECOND, 'olga'), late])).toEqual(['lab-worker', 'olga']);
  });

  test('takes the latest of two sessions before a process began', () => {
    const first = exec(10n * SECOND, 'olga');
    const second = exec(11n * SECOND, 'mallory');
    expect(sessionOf([second, first, shell(11n * SECOND + 1n)]).at(-1)).toBe('mallory');
  });

  test.each([
    ['in another pod', shell(10n * SECOND, { pod: 'web-1' })],
    ['in a pod of that name elsewhere', shell(10n * SECOND, { namespace: 'edge' })],
    ['long before', shell(9n * SECOND)],
    ['long after', shell(14n * SECOND)],
    ['by the container itself', alert('Run shell untrusted', 10n * SECOND, {})],
  ])('leaves alone what began %s', (_when, other) => {
    expect(linkSessions([exec(10n * SECOND, 'olga'), other])[1]).toEqual(other);
  });
});

describe('SessionLinks', () => {
  test('gives the link to whichever half comes second', () => {
    const [opened, began] = [exec(10n * SECOND, 'olga'), shell(10n * SECOND)];
    const links = new SessionLinks();
    links.note([began]);
    expect(links.link(began)).toEqual(began);
    links.note([opened]);
    expect(links.link(opened).attribution.entry).toMatchObject({ pid: 4711, node: 'lab-worker' });
  });
});
