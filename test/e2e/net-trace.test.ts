import { done, execaRunner, notYet, systemClock, waitFor, type KubeObject } from '../../core/index.ts';
import { ECHO_COMMAND, type Trace } from '../../network/index.ts';
import { engineGap } from '../support/engine.ts';
import { E2E_LAB } from '../support/e2e-lab.ts';
import { apply, kubectl, toolboxImage } from '../support/detector-lab.ts';
import { kubedrill, kubedrillJson } from '../support/kubedrill.ts';

const gap = await engineGap();
const realTest = gap === undefined ? test : test.skip;
const MINUTE_MS = 60_000;
const NAMESPACE = 'trace-test';
const lab = { name: E2E_LAB, nodes: [] };
const WORKER = `${E2E_LAB}-worker`;

const docker = execaRunner();

function trace(...argv: readonly string[]): Promise<Trace> {
  return kubedrillJson<Trace>(['net', 'trace', ...argv, '--name', E2E_LAB], [0, 3]);
}

function onWorker(...argv: readonly string[]): Promise<unknown> {
  return docker.run('docker', ['exec', WORKER, ...argv]);
}

/** With rules being written, the last look counts. */
function untilSame(...argv: readonly string[]): Promise<Trace> {
  return waitFor(
    async () => {
      const found = await trace(...argv);
      const rules = found.hops.find(({ kind }) => kind === 'rules');
      const differences = rules?.kind === 'rules' ? rules.differences : [];
      return differences.length === 0 ? done(found) : notYet(differences.map(({ says }) => says).join('; '));
    },
    { what: 'the rules of the node to be those expected', timeoutMs: 20_000, clock: systemClock },
  );
}

describe(`net trace${gap ?? ''}`, () => {
  realTest(
    'follows a call to a Service to the pod that answers, and finds the rules of a healthy node as they should be',
    async () => {
      const { verdict, hops } = await untilSame('shop/web', '--from', `${WORKER}/pod-a`);
      expect(verdict).toEqual({ ok: true, says: 'it works, by the way that the rules say' });
      const endpoints = hops.find(({ kind }) => kind === 'endpoints');
      expect(endpoints?.kind === 'endpoints' && endpoints.endpoints.map(({ share }) => share.toFixed(2))).toEqual([
        '0.25',
        '0.25',
        '0.25',
        '0.25',
      ]);
    },
    MINUTE_MS,
  );

  realTest(
    'names the first thing that is missing: the jump, the chain, the route of the answer, the endpoint',
    async () => {
      const jump = ['-m', 'comment', '--comment', 'kubernetes service portals', '-j', 'KUBE-SERVICES'];
      await onWorker('iptables', '-t', 'nat', '-D', 'PREROUTING', ...jump);
      try {
        expect((await trace('shop/web', '--from', `${WORKER}/pod-a`)).verdict).toEqual({
          ok: false,
          says: `no rule of ${WORKER} takes it: not even the jump to KUBE-SERVICES`,
        });
      } finally {
        await onWorker('iptables', '-t', 'nat', '-I', 'PREROUTING', ...jump);
      }
      const cut = ['FORWARD', '-p', 'tcp', '--dport', '8080', '-j', 'DROP'];
      await onWorker('iptables', '-I', ...cut);
      try {
        expect((await trace('shop/web', '--from', `${E2E_LAB}-worker2/pod-a`)).verdict).toEqual({
          ok: false,
          says: `dropped on ${WORKER} by rule 1 of FORWARD: -p tcp -m tcp --dport 8080 -j DROP`,
        });
      } finally {
        await onWorker('iptables', '-D', ...cut);
      }
      expect((await trace('shop/void')).verdict).toEqual({
        ok: false,
        says: 'shop/void:http has no endpoint that is ready',
      });
    },
    2 * MINUTE_MS,
  );

  realTest(
    'goes through the front door to the Service behind it, and knows when no Ingress takes the host',
    async () => {
      expect((await trace('http://app.lab.test/')).verdict.ok).toBe(true);
      expect((await trace('http://other.lab.test/')).verdict).toEqual({
        ok: false,
        says: 'no Ingress takes other.lab.test/',
      });
    },
    MINUTE_MS,
  );

  realTest(
    'knows what kube-proxy writes for every kind of Service',
    async () => {
      await apply(lab, oddServices(await toolboxImage(lab)));
      try {
        // Labs have no load balancer; its address is all that kube-proxy needs of it.
        const status = { status: { loadBalancer: { ingress: [{ ip: '192.0.2.20' }] } } };
        const patch = ['patch', 'service', 'balanced', '-n', NAMESPACE, '--subresource=status', '--type=merge'];
        await kubectl(lab, [...patch, '-p', JSON.stringify(status)]);
        await kubectl(lab, ['rollout', 'status', 'deployment', 'odd', '-n', NAMESPACE, '--timeout=60s']);
        for (const node of [WORKER, `${E2E_LAB}-control-plane`]) {
          await untilSame('trace-test/local', '--from', `${node}/pod-a`);
        }
        // The control plane has none of the pods: from outside it must stay silent there.
        expect((await trace(`${E2E_LAB}-control-plane:30995`, '--from', 'ext')).verdict).toMatchObject({ ok: false });
        expect((await trace(`${WORKER}:30995`, '--from', 'ext')).verdict).toMatchObject({ ok: true });
      } finally {
        await kubectl(lab, ['delete', 'namespace', NAMESPACE, '--wait=true']);
      }
      await untilSame('shop/web');
    },
    3 * MINUTE_MS,
  );

  realTest(
    'refuses a target and a client that are not there with the nearest names',
    async () => {
      const target = await kubedrill(['net', 'trace', 'shop/wep', '--name', E2E_LAB]);
      expect([target.exitCode, target.stderr]).toEqual([2, expect.stringContaining('shop/web')]);
      const client = await kubedrill(['net', 'trace', 'shop/web', '--from', 'worker/pod-a', '--name', E2E_LAB]);
      expect([client.exitCode, client.stderr]).toEqual([2, expect.stringContaining(`${WORKER}/pod-a`)]);
    },
    MINUTE_MS,
  );
});

/** Services that differ in one thing each, and two pods behind all of them. */
function oddServices(image: string): readonly KubeObject[] {
  const port = { name: 'http', port: 80, targetPort: 8080 };
  const kinds: Readonly<Record<string, object>> = {
    local: { type: 'NodePort', externalTrafficPolicy: 'Local', ports: [{ ...port, nodePort: 30_995 }] },
    sticky: { sessionAffinity: 'ClientIP', ports: [port] },
    outside: { externalIPs: ['192.0.2.10'], ports: [port] },
    near: { internalTrafficPolicy: 'Local', ports: [port] },
    balanced: { type: 'LoadBalancer', externalTrafficPolicy: 'Local', ports: [port] },
    'no-name': { ports: [{ port: 81, targetPort: 8080 }] },
    datagrams: { type: 'NodePort', ports: [{ name: 'dns', port: 53, targetPort: 8080, protocol: 'UDP' }] },
    nobody: { type: 'NodePort', selector: { app: 'none' }, ports: [port] },
  };
  const metadata = (name: string): KubeObject['metadata'] => ({ name, namespace: NAMESPACE });
  const labels = { app: 'odd' };
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: metadata('odd'),
      spec: {
        replicas: 2,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: onTheFirstWorker(image) },
      },
    },
    ...Object.entries(kinds).map(([name, spec]) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: metadata(name),
      spec: { selector: labels, ...spec },
    })),
  ];
}

function onTheFirstWorker(image: string): object {
  const command = [...ECHO_COMMAND];
  const container = { name: 'odd', image, imagePullPolicy: 'IfNotPresent', command };
  return { nodeName: WORKER, terminationGracePeriodSeconds: 1, containers: [container] };
}
