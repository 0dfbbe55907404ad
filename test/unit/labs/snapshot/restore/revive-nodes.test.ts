import type { Clock, KubeClient, NodeHandle } from '../../../../../core/index.ts';
import { reviveNodes } from '../../../../../labs/snapshot/index.ts';
import type { LabSnapshot } from '../../../../../labs/snapshot/types.ts';
import { pictureOf } from '../../../../../labs/snapshot/take-snapshot.ts';
import { fakeClock } from '../../../../support/clock.ts';
import { fixture } from '../fixtures/load.ts';

const { text, dump, cluster } = fixture('idle');
const snapshot: LabSnapshot = {
  apiVersion: 'kubedrill/v1',
  takenAt: '',
  nodes: [pictureOf('lab-control-plane', dump, cluster.lineageByIp)],
  objects: {},
};

/** A control plane with this dump, and an API server that answers as soon as `isMended` accepts what has run on the node. */
function labWith(nodeText: string, isMended: (ran: readonly string[]) => boolean) {
  const ran: string[] = [];
  const node: NodeHandle = {
    name: 'lab-control-plane',
    role: 'control-plane',
    addresses: { ipv4: '172.20.0.2' },
    exec: async (argv, options) => {
      if (argv[1] === '-c') return { stdout: nodeText, stderr: '', exitCode: 0 };
      ran.push(argv[1] === '-s' ? clear(options?.input?.toString() ?? '') : argv.join(' '));
      return { stdout: '', stderr: '', exitCode: 0 };
    },
  };
  const raw: KubeClient['raw'] = async () => {
    if (isMended(ran)) return { status: 200, text: 'ok' };
    throw new Error('connect ECONNREFUSED');
  };
  return { ran, session: { nodes: [node], kube: { raw } as unknown as KubeClient, clock: patientClock() } };
}

/** Time passes only when nothing else is to be done. */
function patientClock(): Clock {
  const clock = fakeClock();
  const sleep: Clock['sleep'] = async (ms, signal) => {
    await new Promise(setImmediate);
    if (signal?.aborted !== true) clock.advance(ms);
  };
  return { ...clock, sleep };
}

function clear(script: string): string {
  return script.replace(/echo ([A-Za-z0-9+/=]+) \| base64 -d/g, (_all, encoded: string) =>
    Buffer.from(encoded, 'base64').toString(),
  );
}

const dropping = text.replace(/^:INPUT ACCEPT/m, ':INPUT DROP');

test('a lab that answers and runs as in the picture is left alone', async () => {
  const { ran, session } = labWith(text, () => true);
  await reviveNodes(session, snapshot, () => undefined);
  expect(ran).toEqual([]);
});

test('rules that keep the API server from answering go, without asking it about the pods', async () => {
  expect(dropping).not.toBe(text);
  const { ran, session } = labWith(dropping, (scripts) => scripts.some((script) => script.includes(':INPUT ACCEPT')));
  await reviveNodes(session, snapshot, () => undefined);
  expect(ran).toHaveLength(1);
  expect(ran[0]).not.toMatch(/^-[AXD] (KUBE|CNI)-/m);
});

test('an administrator without rights gets them back', async () => {
  const { ran, session } = labWith(text, () => true);
  const hasRights = (): boolean => ran.some((command) => command.includes('clusterrolebinding kubeadm:cluster-admins'));
  session.kube.raw = async (_method, path) => ({ status: path === '/readyz' || hasRights() ? 200 : 403, text: '' });
  await reviveNodes(session, snapshot, () => undefined);
  expect(ran).toEqual([expect.stringContaining('--kubeconfig=/etc/kubernetes/super-admin.conf')]);
});

test('a kubelet that waits out crashes which are over begins anew', async () => {
  const { ran, session } = labWith(text, (commands) => commands.includes('systemctl restart kubelet'));
  const seen: string[] = [];
  await reviveNodes(session, snapshot, (what) => seen.push(what));
  expect(ran.at(-1)).toBe('systemctl restart kubelet');
  expect(seen).toContain('waiting for the API server: connect ECONNREFUSED');
});

test('an API server that does not come is not waited for without end', async () => {
  const { session } = labWith(text, () => false);
  await reviveNodes(session, snapshot, () => undefined);
  expect(session.clock.monotonicNs()).toBeGreaterThan(0n);
});
