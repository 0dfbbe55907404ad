import { messageOf, type KubeClient, type KubeObject, type NodeHandle } from '../../core/index.ts';
import { readGateways, readHttpRoutes } from '../lab/http-routes.ts';
import { parseRuleset } from '../rules/nft/ruleset.ts';
import { tablesFrom, withProxyTables } from '../rules/nft/translate.ts';
import { parseSave, type RuleTable } from '../rules/save-format.ts';
import { familyOf, type ServiceObject, type SliceObject } from '../rules/service-ports.ts';
import type { GatewayObjects } from './gateway.ts';

/** What the API server knows that a trace needs. */
export interface TracedCluster {
  readonly services: readonly ServiceObject[];
  readonly slices: readonly SliceObject[];
  readonly pods: readonly TracedPod[];
  readonly proxy: ProxyConfiguration;
  readonly ingresses: readonly IngressObject[];
  readonly gateway: GatewayObjects;
}

/** What an ingress controller reads of an Ingress. */
export interface IngressObject extends KubeObject {
  readonly spec?: {
    readonly rules?: readonly {
      readonly host?: string;
      readonly http?: {
        readonly paths?: readonly {
          readonly path?: string;
          readonly pathType?: string;
          readonly backend?: {
            readonly service?: {
              readonly name?: string;
              readonly port?: { readonly number?: number; readonly name?: string };
            };
          };
        }[];
      };
    }[];
  };
}

export interface TracedPod {
  /** Namespace and name. */
  readonly pod: string;
  readonly node: string;
  readonly address: string;
  /** Ports of its node that lead to it. */
  readonly hostPorts: readonly number[];
}

/** Of kube-proxy's own configuration. */
export interface ProxyConfiguration {
  /** `iptables`, `nftables` or `ipvs`; iptables when it names none. */
  readonly mode: string;
  readonly clusterCidrs: readonly string[];
}

/** What a node says of itself. */
export interface TracedNode {
  readonly name: string;
  /** Of the family of the trace; empty with `trouble`. */
  readonly tables: readonly RuleTable[];
  /** On the lab's bridge, of the family of the trace; empty when it has none. */
  readonly address: string;
  readonly addresses: readonly string[];
  /** Why it said nothing. */
  readonly trouble?: string;
}

interface PodObject extends KubeObject {
  readonly spec?: {
    readonly nodeName?: string;
    readonly containers?: readonly { readonly ports?: readonly { readonly hostPort?: number }[] }[];
  };
  readonly status?: { readonly phase?: string; readonly podIPs?: readonly { readonly ip: string }[] };
}

export async function readTracedCluster(kube: KubeClient): Promise<TracedCluster> {
  const [services, slices, pods, ingresses, configMap, routes, gateways] = await Promise.all([
    kube.list<ServiceObject>('v1', 'Service'),
    kube.list<SliceObject>('discovery.k8s.io/v1', 'EndpointSlice'),
    kube.list<PodObject>('v1', 'Pod'),
    kube.list<IngressObject>('networking.k8s.io/v1', 'Ingress'),
    kube.get({ apiVersion: 'v1', kind: 'ConfigMap', name: 'kube-proxy', namespace: 'kube-system' }),
    readHttpRoutes(kube),
    readGateways(kube),
  ]);
  return {
    services,
    slices,
    ingresses,
    gateway: { routes: routes ?? [], gateways: gateways ?? [] },
    pods: pods.flatMap(({ metadata, spec, status }) =>
      (status?.podIPs ?? []).map(({ ip }) => ({
        pod: `${metadata.namespace ?? ''}/${metadata.name}`,
        node: spec?.nodeName ?? '',
        address: ip,
        hostPorts: hostPortsOf(spec),
      })),
    ),
    proxy: proxyConfiguration(configMap),
  };
}

function hostPortsOf(spec: PodObject['spec']): readonly number[] {
  const ports = (spec?.containers ?? []).flatMap((container) => container.ports ?? []);
  return ports.flatMap(({ hostPort }) => (hostPort === undefined ? [] : [hostPort]));
}

/** From the ConfigMap that kubeadm writes: two plain lines of its YAML. */
export function proxyConfiguration(configMap: KubeObject | undefined): ProxyConfiguration {
  const data = (configMap?.['data'] ?? {}) as Readonly<Record<string, string>>;
  const text = data['config.conf'] ?? '';
  const value = (key: string): string => new RegExp(`^${key}: *"?([^"\\s]*)"?\\s*$`, 'm').exec(text)?.[1] ?? '';
  const cidrs = value('clusterCIDR');
  return { mode: value('mode') || 'iptables', clusterCidrs: cidrs === '' ? [] : cidrs.split(',') };
}

/** Never fails: a node that does not answer is one of the things that a trace is for. */
export async function readTracedNode(node: NodeHandle, family: 'ipv4' | 'ipv6'): Promise<TracedNode> {
  const own = { name: node.name, address: node.addresses[family] ?? '' };
  try {
    const [rules, proxyRules, addresses] = await Promise.all([
      node.exec([family === 'ipv6' ? 'ip6tables-save' : 'iptables-save']),
      // Only in nftables mode there is such a table; without it nft ends with 1, and where there is no nft, the engine with 127.
      node.exec(['nft', '-j', 'list', 'table', family === 'ipv6' ? 'ip6' : 'ip', 'kube-proxy'], {
        okExitCodes: [0, 1, 127],
      }),
      node.exec(['ip', '-j', 'address']),
    ]);
    const proxy = proxyRules.exitCode === 0 ? tablesFrom(parseRuleset(proxyRules.stdout)) : [];
    const tables = withProxyTables(parseSave(rules.stdout), proxy);
    return { ...own, tables, addresses: addressesIn(addresses.stdout) };
  } catch (error) {
    return { ...own, tables: [], addresses: [], trouble: messageOf(error) };
  }
}

/** How a node sends to an address, in the words of `ip route get`; `unreachable: …` when it does not. */
export async function readRoute(node: NodeHandle, to: string): Promise<string> {
  const { stdout, stderr, exitCode } = await node.exec(['ip', '-o', 'route', 'get', to], { okExitCodes: [0, 1, 2] });
  if (exitCode !== 0) return `unreachable: ${stderr.trim()}`;
  return stdout.replace(/\s+(uid|cache|src)\b.*$/s, '').trim();
}

/** Entries of the node's connection tracking towards an address and port, newest words as conntrack prints them. */
export async function readTracked(
  node: NodeHandle,
  { protocol, host, port }: { readonly protocol: string; readonly host: string; readonly port: number },
): Promise<readonly string[]> {
  const family = familyOf(host);
  const argv = ['conntrack', '-L', '-f', family, '-p', protocol, '--orig-dst', host, '--orig-port-dst', String(port)];
  const { stdout, exitCode } = await node.exec(argv, { okExitCodes: [0, 1, 127] });
  return exitCode === 0 ? stdout.split('\n').filter((line) => line !== '') : [];
}

function addressesIn(text: string): readonly string[] {
  const links = JSON.parse(text) as readonly { readonly addr_info?: readonly { readonly local?: string }[] }[];
  return links.flatMap(({ addr_info: infos = [] }) =>
    infos.flatMap(({ local }) => (local === undefined ? [] : [local])),
  );
}
