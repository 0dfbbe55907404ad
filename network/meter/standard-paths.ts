import { isIPv4 } from 'node:net';
import { PROBES_NAMESPACE, SERVICES } from '../addon/names.ts';
import type { ProberState } from '../agent/protocol.ts';
import { askProbers } from '../lab/ask.ts';
import { factsOf, readCluster, type LabFacts, type ProberFacts } from '../lab/facts.ts';
import { probersOf } from '../lab/prober-refs.ts';
import { FRONT_DOOR_PORT, SHOP_ANSWERERS, SHOP_HOST } from '../matrix/rows/front-door.ts';
import { OUTSIDE, proberName } from '../probers.ts';
import type { MeterPath, MeterTarget, ProbedLab } from '../types.ts';

const TIMEOUT_MS = 2_000;

/** Those behind the probes' own Services. */
const BACKENDS: readonly string[] = ['*/pod-a'];

/**
 * The catalogue's paths (§1.3) for this lab, of which callers take what they need: `o.svc@N` pod → ClusterIP, `o.est@N` one
 * long-lived flow to it, `o.udp@N` UDP through a Service, `o.p2p@N` pod → pod on the next node, `o.np@N` outside → NodePort on
 * that node, `o.ndns@N` the node's own resolver, `o.dns` a cluster name, `o.egr` pod → outside, `o.ing` the front door. Services are the
 * shop's where the lab has a shop. Fails when the API server does not answer.
 */
export async function standardPaths(lab: ProbedLab): Promise<readonly MeterPath[]> {
  const asked = probersOf(lab).map((prober) => ({ prober, method: 'GET', path: '/healthz' }) as const);
  const [said, cluster] = await Promise.all([
    askProbers<ProberState>(lab.channel, asked, { timeoutMs: TIMEOUT_MS }),
    readCluster(lab.kube),
  ]);
  const states = said.map((one) => ({
    prober: one.prober,
    state: one.kind === 'answer' ? one.body : { why: one.why },
  }));
  return pathsFor(factsOf(lab, cluster, states));
}

/** Pure part of `standardPaths`. */
export function pathsFor(facts: LabFacts): readonly MeterPath[] {
  return [
    ...facts.nodes.flatMap(({ name }, index) => pathsOfNode(facts, name, index)),
    ...clusterPaths(facts),
    ...ingressPaths(facts),
  ];
}

/** From pod-b, which is no backend of the probes' Services: from one, every third try would be a hairpin. */
function pathsOfNode(facts: LabFacts, node: string, index: number): readonly MeterPath[] {
  const client = proberName(node, 'pod-b');
  const peer = facts.nodes[(index + 1) % facts.nodes.length]?.name ?? node;
  const targets: readonly (readonly [kind: string, from: string, target: MeterTarget | undefined])[] = [
    ['svc', client, serviceTarget('http', facts)],
    ['est', client, serviceTarget('flow', facts)],
    ['udp', client, probesTarget('udp', facts)],
    ['p2p', client, podTarget(facts, peer)],
    ['np', OUTSIDE, nodePortTarget(facts, node)],
    ['ndns', proberName(node, 'node'), nodeNameTarget(facts)],
  ];
  return targets.flatMap(([kind, from, target]) =>
    target === undefined ? [] : [{ name: `o.${kind}@${node}`, from, target }],
  );
}

/** The shop's Service, or all the probes' own where there is no shop. */
function serviceTarget(kind: 'http' | 'flow', facts: LabFacts): MeterTarget | undefined {
  const host = facts.shop?.clusterIPs[0];
  if (facts.shop === undefined || host === undefined) return probesTarget(kind === 'http' ? 'tcp' : 'flow', facts);
  return { kind, host, port: facts.shop.port, answerers: SHOP_ANSWERERS };
}

function probesTarget(kind: 'tcp' | 'udp' | 'flow', { services }: LabFacts): MeterTarget | undefined {
  const service = services[SERVICES.all];
  const host = service?.clusterIPs[0];
  if (service === undefined || host === undefined) return undefined;
  return { kind, host, port: service.port, answerers: BACKENDS };
}

function podTarget({ probers }: LabFacts, node: string): MeterTarget | undefined {
  const pod = probers.find(({ name }) => name === proberName(node, 'pod-a'));
  const host = pod?.addresses[0];
  if (pod === undefined || host === undefined) return undefined;
  return { kind: 'tcp', host, port: pod.port, answerers: [pod.name] };
}

function nodePortTarget({ nodes, shop, services }: LabFacts, node: string): MeterTarget | undefined {
  const host = nodes.find(({ name }) => name === node)?.bridge.ipv4 ?? '';
  if (shop?.nodePort !== undefined) return { kind: 'http', host, port: shop.nodePort, answerers: SHOP_ANSWERERS };
  const port = services[SERVICES.nodePort]?.nodePort;
  return port === undefined ? undefined : { kind: 'tcp', host, port, answerers: BACKENDS };
}

/** A name that is in no hosts file: only the resolver that the node was given knows it. */
function nodeNameTarget({ keeper }: LabFacts): MeterTarget {
  return { kind: 'dns', name: keeper.name, expect: keeper.addresses.filter((address) => isIPv4(address)) };
}

function clusterPaths(facts: LabFacts): readonly MeterPath[] {
  const node = facts.nodes.at(-1)?.name ?? '';
  const from = proberName(node, 'pod-b');
  const outside = facts.probers.find(({ name }) => name === OUTSIDE);
  const expect = (facts.services[SERVICES.all]?.clusterIPs ?? []).filter((address) => isIPv4(address));
  return [
    {
      name: 'o.dns',
      from,
      target: { kind: 'dns', name: `${SERVICES.all}.${PROBES_NAMESPACE}.svc.cluster.local.`, expect },
    },
    ...(outside === undefined ? [] : [{ name: 'o.egr', from, target: outsideTarget(outside) } satisfies MeterPath]),
  ];
}

function ingressPaths({ frontDoor }: LabFacts): readonly MeterPath[] {
  if ('absent' in frontDoor) return [];
  const host = frontDoor.addresses[0] ?? '';
  return [
    {
      name: 'o.ing',
      from: OUTSIDE,
      target: {
        kind: 'http',
        host,
        port: FRONT_DOOR_PORT,
        hostHeader: SHOP_HOST,
        path: '/',
        answerers: SHOP_ANSWERERS,
      },
    },
  ];
}

function outsideTarget({ addresses, port, name }: ProberFacts): MeterTarget {
  return { kind: 'tcp', host: addresses[0] ?? '', port, answerers: [name] };
}
