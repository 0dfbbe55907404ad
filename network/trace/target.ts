import { isIP } from 'node:net';
import { nearest, usageError } from '../../core/index.ts';
import { familyOf, type ServicePort } from '../rules/service-ports.ts';

/** Where a request is to go. */
export interface TraceTarget {
  /** As it was asked for. */
  readonly text: string;
  readonly protocol: 'tcp' | 'udp';
  readonly host: string;
  readonly port: number;
  /** The Service port whose address or NodePort this is, if it is one. */
  readonly service?: ServicePort;
  /** Name that a client would look up, e.g. `web.shop.svc.cluster.local`. */
  readonly name?: string;
  /** Of a URL at the front door. */
  readonly http?: { readonly host: string; readonly path: string };
}

/** What a target may be named by. */
export interface KnownTargets {
  readonly ports: readonly ServicePort[];
  readonly pods: readonly { readonly pod: string; readonly address: string }[];
  readonly nodes: readonly { readonly name: string; readonly address: string }[];
  /** Namespaces and names of Services without an address. */
  readonly headless: readonly string[];
  /** Address of the node whose port 80 is the front door; undefined when no pod has one. */
  readonly frontDoor: string | undefined;
}

/**
 * Reads a target: `shop/web`, `shop/web:http`, `shop/web:80` (a Service; its first port when none is named), `lab-worker:30080` (a
 * node's port), `pod/shop/web-1:8080`, `10.96.0.10:53`, or `http://app.lab.test/`. Usage error with the nearest names for what is not there.
 */
export function targetFrom(text: string, protocol: 'tcp' | 'udp', known: KnownTargets): TraceTarget {
  const url = /^http:\/\/([^/:]+)(\/.*)?$/.exec(text);
  if (url !== null) return urlTarget(text, { host: url[1] ?? '', path: url[2] ?? '/' }, known);
  const { host, port } = split(text);
  const at = (address: string, number: number): TraceTarget => {
    const service = serviceAt(known.ports, address, number, protocol, known.nodes);
    return { text, protocol, host: address, port: number, ...(service === undefined ? {} : { service }) };
  };
  if (isIP(host) !== 0) return at(host, portNumber(text, port));
  const node = known.nodes.find(({ name }) => name === host);
  if (node !== undefined) return at(node.address, portNumber(text, port));
  if (host.startsWith('pod/')) {
    const pod = known.pods.find((one) => `pod/${one.pod}` === host);
    if (pod !== undefined) return at(pod.address, portNumber(text, port));
  }
  if (known.headless.includes(host)) throw headless(host);
  const service = serviceNamed(host, port, protocol, known.ports);
  if (service === undefined) throw notThere(text, host, protocol, known);
  const name = `${service.service}.${service.namespace}.svc.cluster.local`;
  return { text, protocol, host: service.clusterIP, port: service.port, service, name };
}

function urlTarget(
  text: string,
  http: { readonly host: string; readonly path: string },
  known: KnownTargets,
): TraceTarget {
  if (known.frontDoor !== undefined) return { text, protocol: 'tcp', host: known.frontDoor, port: HTTP_PORT, http };
  throw usageError({
    what: `"${text}" cannot be asked for in this lab`,
    why: 'no pod has port 80 of a node: there is no front door',
    hint: 'kubedrill up --addons std --name other',
  });
}

const HTTP_PORT = 80;

/** The last colon splits, but not those of a bare IPv6 address. */
function split(text: string): { readonly host: string; readonly port: string } {
  if (isIP(text) !== 0) return { host: text, port: '' };
  const [, bracketed, plain = '', port = ''] = /^(?:\[(.+)\]|(.*?))(?::([\w-]+))?$/.exec(text) ?? [];
  return { host: bracketed ?? plain, port };
}

function portNumber(text: string, port: string): number {
  const number = Number(port);
  if (port !== '' && Number.isInteger(number) && number > 0 && number < 65_536) return number;
  throw usageError({
    what: `"${text}" names no port`,
    why: 'an address, a node or a pod is asked at a port',
    hint: 'kubedrill net trace lab-worker:30080',
  });
}

function serviceNamed(
  name: string,
  port: string,
  protocol: string,
  ports: readonly ServicePort[],
): ServicePort | undefined {
  return ports.find(
    (one) =>
      `${one.namespace}/${one.service}` === name &&
      one.protocol === protocol &&
      (port === '' || String(one.port) === port || one.name === `${name}:${port}`),
  );
}

/** A Service by one of its addresses, or by its NodePort at an address of a node. */
function serviceAt(
  ports: readonly ServicePort[],
  address: string,
  number: number,
  protocol: string,
  nodes: KnownTargets['nodes'],
): ServicePort | undefined {
  const isNode = nodes.some((node) => node.address === address);
  return ports.find(
    (one) =>
      one.protocol === protocol &&
      familyOf(one.clusterIP) === familyOf(address) &&
      (([one.clusterIP, ...one.externalIPs, ...one.loadBalancerIPs].includes(address) && one.port === number) ||
        (isNode && one.nodePort === number && number !== 0)),
  );
}

function headless(name: string): Error {
  return usageError({
    what: `${name} is a headless Service`,
    why: 'it has no address: its name stands for the addresses of its pods, and no rule takes part',
    hint: `kubectl -n ${name.replace('/', ' get endpointslices -l kubernetes.io/service-name=')}, then: kubedrill net trace pod/NAMESPACE/NAME:PORT`,
  });
}

function notThere(text: string, host: string, protocol: string, known: KnownTargets): Error {
  const names = [
    ...new Set(known.ports.filter((one) => one.protocol === protocol).map((one) => `${one.namespace}/${one.service}`)),
    ...known.nodes.map(({ name }) => name),
    ...known.pods.map(({ pod }) => `pod/${pod}`),
  ];
  const close = nearest(host, names);
  return usageError({
    what: `there is no ${protocol.toUpperCase()} target "${text}" in this lab`,
    why: close.length === 0 ? 'no Service, node or pod has a name like it' : `there are ${close.join(', ')}`,
    hint: `kubedrill net trace ${close[0] ?? 'shop/web'}`,
  });
}
