import { parse } from 'yaml';
import { KUBE_PROXY_CONFIG, KUBE_PROXY_DAEMONSET } from '../../cluster/kube-proxy.ts';
import { refTo } from '../../cluster/objects.ts';
import { editConfigMap } from '../../faults/config-map.ts';
import { changeObject, removeObject } from '../../faults/objects.ts';
import type { RunStep } from '../../faults/step.ts';
import type { VariantSummary } from '../../types.ts';

export const NODE_PROXIER_BINDING = refTo('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', 'kubeadm:node-proxier');

export interface Cause {
  readonly id: string;
  readonly title: string;
  /** Whether the cause can be limited to one node: a DaemonSet without nodes has pods nowhere. */
  readonly scopes: readonly ('one' | 'all')[];
  /** Whether it is a write on the ConfigMap, which the detector reports. */
  readonly changesConfigMap: boolean;
  readonly step: RunStep;
}

/** What can keep kube-proxy from following. */
export const causes: readonly Cause[] = [
  {
    id: 'bad-mode',
    title: 'a proxy mode that does not exist',
    scopes: ['one', 'all'],
    changesConfigMap: true,
    step: editConfig('misspell the proxy mode', 'config.conf', (text) => withField(text, 'mode', () => 'iptable')),
  },
  {
    id: 'bad-cidr',
    title: 'a cluster CIDR without its mask',
    scopes: ['one', 'all'],
    changesConfigMap: true,
    step: editConfig('cut the mask off the cluster CIDR', 'config.conf', (text) =>
      withField(text, 'clusterCIDR', (cidr) => cidr.replace(/\/.*$/, '')),
    ),
  },
  {
    id: 'wrong-api-port',
    title: 'the API server at a port where nobody listens',
    scopes: ['one', 'all'],
    changesConfigMap: true,
    step: editConfig('change the API server’s port', 'kubeconfig.conf', (text) =>
      text.replace(/^(\s*server: \S+:)\d+$/m, (_line, server: string) => `${server}6553`),
    ),
  },
  {
    id: 'node-selector',
    title: 'a node selector that no node has',
    scopes: ['all'],
    changesConfigMap: false,
    step: changeObject('misspell the DaemonSet’s node selector', KUBE_PROXY_DAEMONSET, {
      kind: 'merge',
      patch: { spec: { template: { spec: { nodeSelector: { 'kubernetes.io/os': 'Linux' } } } } },
    }),
  },
  {
    id: 'no-binding',
    title: 'the binding to its role removed',
    scopes: ['one', 'all'],
    changesConfigMap: false,
    step: removeObject('delete kube-proxy’s ClusterRoleBinding', NODE_PROXIER_BINDING),
  },
];

export const variants: readonly VariantSummary[] = causes.map(({ id, title }) => ({ id, title }));

export function causeOf(variant: string): Cause {
  const cause = causes.find(({ id }) => id === variant);
  if (!cause) throw new RangeError(`no cause ${variant}`);
  return cause;
}

/** The text with one top-level field of its YAML document changed; everything else stays as it was written. */
export function withField(text: string, field: string, change: (value: string) => string): string {
  const value = (parse(text) as Readonly<Record<string, unknown>>)[field];
  const line = `${field}: ${change(typeof value === 'string' ? value : '')}`;
  return text.replace(new RegExp(`^${field}:.*$`, 'm'), () => line);
}

function editConfig(title: string, key: string, edit: (text: string) => string): RunStep {
  return editConfigMap(title, KUBE_PROXY_CONFIG, { key, edit });
}
