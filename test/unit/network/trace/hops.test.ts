import type { ProbeOutcome } from '../../../../network/agent/protocol.ts';
import type { TracedNode } from '../../../../network/trace/facts.ts';
import {
  endpointsHop,
  filterHop,
  natHop,
  requestHop,
  routeHop,
  rulesHop,
  sourceHop,
  type TraceClient,
} from '../../../../network/trace/hops.ts';
import { ingressHop } from '../../../../network/trace/front-door.ts';
import {
  CLUSTER_CIDRS,
  RECORDED_ADDRESSES,
  RECORDED_NODE,
  recordedObjects,
  recordedPort,
  recordedPorts,
  recordedTables,
  without,
} from '../../../support/recorded-node.ts';

const CLIENT: TraceClient = { name: 'e2e-worker/pod-a', address: '10.244.2.4', place: 'pod' };

function node(change?: (text: string) => string): TracedNode {
  return {
    name: RECORDED_NODE,
    address: '172.20.0.3',
    tables: recordedTables(change),
    addresses: RECORDED_ADDRESSES,
  };
}

function to(name: string) {
  const service = recordedPort(name);
  return { text: name, protocol: 'tcp', host: service.clusterIP, port: service.port, service } as const;
}

const WEB = to('shop/web:http');
const ENDPOINT = { address: '10.244.1.4', port: 8080, mark: 0, isOnNode: false };

describe('the nat rules', () => {
  test('of a healthy node know a way to every endpoint', () => {
    expect(natHop(node(), CLIENT, WEB)).toMatchObject({ ok: true, says: 'the rules of e2e-worker know 4 ways for it' });
  });

  test('without the jump to KUBE-SERVICES say how far the call came', () => {
    expect(natHop(node(without(/^-A PREROUTING .*KUBE-SERVICES/)), CLIENT, WEB)).toMatchObject({
      ok: false,
      says: 'no rule of e2e-worker takes it: not even the jump to KUBE-SERVICES',
    });
  });

  test('whose chain is gone name it', () => {
    const broken = node((text) => text.replace(/^:KUBE-SERVICES .*$/gm, '').replace(/^-A KUBE-SERVICES .*\n/gm, ''));
    expect(natHop(broken, CLIENT, WEB)).toMatchObject({ ok: false, says: 'there is no chain KUBE-SERVICES' });
  });

  test('of a node that does not answer say that', () => {
    expect(natHop({ ...node(), tables: [], trouble: 'no such container' }, CLIENT, WEB)).toMatchObject({
      ok: false,
      says: 'e2e-worker does not answer: no such container',
    });
  });

  test('have nothing for a Service without endpoints, and that is right', () => {
    expect(natHop(node(), CLIENT, to('shop/void:http'))).toMatchObject({ ok: true });
  });
});

describe('the endpoints', () => {
  const courses = natHop(node(), CLIENT, WEB).courses;

  test('that the rules reach and the API knows are the same', () => {
    const hop = endpointsHop(courses, WEB.service, 'Cluster', RECORDED_NODE);
    expect([hop.ok, hop.endpoints.map(({ share, state }) => `${share.toFixed(2)} ${state}`)]).toEqual([
      true,
      ['0.25 ready', '0.25 ready', '0.25 ready', '0.25 ready'],
    ]);
  });

  test('include one that the rules still lead to after its pod has gone', () => {
    const [gone, ...left] = WEB.service.endpoints;
    const hop = endpointsHop(courses, { ...WEB.service, endpoints: left }, 'Cluster', RECORDED_NODE);
    expect(hop).toMatchObject({ ok: false, says: `they still lead to ${gone?.address ?? ''}:8080` });
    expect(hop.endpoints.at(-1)).toMatchObject({ state: 'unknown', pod: '' });
  });

  test('include one that the rules leave out', () => {
    const [first] = WEB.service.endpoints;
    if (first === undefined) throw new Error('nothing recorded');
    const fresh = { ...first, address: '10.244.1.99', pod: 'shop/web-new' };
    const service = { ...WEB.service, endpoints: [...WEB.service.endpoints, fresh] };
    expect(endpointsHop(courses, service, 'Cluster', RECORDED_NODE)).toMatchObject({
      ok: false,
      says: 'the rules leave out 10.244.1.99',
    });
  });
});

describe('the packet filter', () => {
  test('of a healthy node lets the call through', () => {
    expect(filterHop(node(), CLIENT, WEB, ENDPOINT)).toMatchObject({ ok: true });
  });

  test('with a rule against it names rule and chain', () => {
    const cut = node((text) => text.replace('-A FORWARD', '-A FORWARD -d 10.244.1.0/24 -j DROP\n-A FORWARD'));
    expect(filterHop(cut, CLIENT, WEB, ENDPOINT)).toMatchObject({
      ok: false,
      says: 'dropped on e2e-worker by rule 1 of FORWARD: -d 10.244.1.0/24 -j DROP',
    });
  });

  test('with the policy DROP lets through only what a rule accepts', () => {
    const strict = (rules: (text: string) => string): TracedNode =>
      node((text) => rules(text).replaceAll(':FORWARD ACCEPT', ':FORWARD DROP'));
    expect(
      filterHop(
        strict((text) => text),
        CLIENT,
        WEB,
        ENDPOINT,
      ),
    ).toMatchObject({ ok: true });
    expect(filterHop(strict(without(/^-A FLANNEL-FWD/)), CLIENT, WEB, ENDPOINT)).toMatchObject({
      ok: false,
      says: 'dropped on e2e-worker by the policy of FORWARD',
    });
  });

  test('refuses a Service without endpoints, as it should', () => {
    const nobody = to('shop/void:http');
    const there = { address: nobody.host, port: nobody.port, mark: 0, isOnNode: false };
    expect(filterHop(node(), CLIENT, nobody, there)).toMatchObject({
      ok: true,
      says: 'e2e-worker refuses it at once, as it should',
    });
  });
});

describe('the source address', () => {
  test('of a pod stays, and what was marked is replaced', () => {
    expect(sourceHop(node(), CLIENT, WEB, ENDPOINT)).toMatchObject({ isMasqueraded: false });
    expect(sourceHop(node(), CLIENT, WEB, { ...ENDPOINT, mark: 0x4000 })).toMatchObject({ isMasqueraded: true });
  });
});

describe('the route', () => {
  test('that is a black hole is named', () => {
    expect(
      routeHop('lab-worker', [{ to: '10.244.1.4', way: 'unreachable: RTNETLINK answers: Invalid argument' }]),
    ).toMatchObject({
      ok: false,
      says: expect.stringContaining('cannot send to 10.244.1.4') as string,
    });
  });
});

describe('the request', () => {
  const answered = (identity: string): ProbeOutcome => ({
    kind: 'answer',
    answer: { identity, nonce: 'n', observed: '10.244.2.4', own: [] },
  });
  const failed = (error: 'timeout' | 'refused', connected?: true): ProbeOutcome => ({
    kind: 'failure',
    error,
    detail: 'x',
    ...(connected === undefined ? {} : { connected }),
  });
  const pod = WEB.service.endpoints[0]?.pod ?? '';

  test.each([
    ['an endpoint answers', answered(pod), true],
    ['a pod answers that is no endpoint', answered('shop/web-of-old'), false],
    ['a server answers that is none of ours', { kind: 'status', status: 404, detail: '' } as const, true],
    ['the connection is taken, and nothing said', failed('timeout', true), true],
    ['nothing answers', failed('timeout'), false],
    ['it is refused', failed('refused'), false],
  ])('%s', (_case, outcome, ok) => {
    expect(requestHop({ outcome, ms: 1 }, WEB.service).ok).toBe(ok);
  });

  test('to a Service without endpoints has to be refused', () => {
    const { service } = to('shop/void:http');
    expect(requestHop({ outcome: failed('refused'), ms: 1 }, service).ok).toBe(true);
    expect(requestHop({ outcome: failed('timeout'), ms: 1 }, service).ok).toBe(false);
  });
});

describe('all rules of kube-proxy', () => {
  const proxy = { mode: 'iptables', clusterCidrs: CLUSTER_CIDRS };

  test('count when they concern the Service or all of them, and are told in any case', () => {
    const compare = (pattern: RegExp) => rulesHop(node(without(pattern)), recordedPorts(), proxy, 'ipv4', WEB.service);
    expect(compare(/^-A KUBE-SERVICES .*shop\/web:http/)).toMatchObject({ ok: false });
    expect(compare(/^-A POSTROUTING .*KUBE-POSTROUTING/)).toMatchObject({ ok: false });
    expect(compare(/^-A KUBE-SERVICES .*kube-dns:metrics/)).toMatchObject({
      ok: true,
      says: '1 difference between the rules of e2e-worker and those that kube-proxy should have written',
    });
  });
});

describe('the front door', () => {
  const { ingresses } = recordedObjects();

  test('leads the demo host to the shop, and no other', () => {
    const at = (host: string) => ingressHop(ingresses, recordedPorts(), { host, path: '/a' });
    expect(at('app.lab.test')).toMatchObject({ ok: true, backend: 'shop/web:http' });
    expect(at('other.lab.test')).toMatchObject({ ok: false, says: 'no Ingress takes other.lab.test/a' });
  });

  test('takes the longest prefix of whole elements', () => {
    const backend = (name: string) => ({ service: { name, port: { number: 80 } } });
    const paths = [
      { path: '/', pathType: 'Prefix', backend: backend('web') },
      { path: '/void', pathType: 'Prefix', backend: backend('void') },
    ];
    const [first] = ingresses;
    if (first === undefined) throw new Error('nothing recorded');
    const both = { ...first, spec: { rules: [{ host: '*.lab.test', http: { paths } }] } };
    const lead = (path: string) => ingressHop([both], recordedPorts(), { host: 'app.lab.test', path }).says;
    expect(lead('/void/x')).toContain('shop/void:http');
    expect(lead('/voids')).toContain('shop/web:http');
  });

  test('says when an Ingress leads to a Service that is not there', () => {
    const ports = recordedPorts().filter(({ namespace }) => namespace !== 'shop');
    expect(ingressHop(ingresses, ports, { host: 'app.lab.test', path: '/' })).toMatchObject({
      ok: false,
      says: 'shop/web leads to shop/web:80, which is not there',
    });
  });
});
