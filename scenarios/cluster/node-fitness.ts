import type { KubeObject } from '../../core/index.ts';
import type { RunEnvironment } from '../ports.ts';
import { refTo } from './objects.ts';

/** What the API server knows of a node. */
export interface NodeFitness {
  /** Status of its condition Ready: `True`, `False` or `Unknown`; `gone` where there is no such node. */
  readonly ready: string;
  readonly unschedulable: boolean;
  readonly uid: string | undefined;
  /** Taints that the cluster gives to nodes that it has lost, e.g. `node.kubernetes.io/unreachable:NoExecute`. */
  readonly lostTaints: readonly string[];
}

interface Node extends KubeObject {
  readonly spec?: {
    readonly unschedulable?: boolean;
    readonly taints?: readonly { readonly key: string; readonly effect: string }[];
  };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

const LOST = /^node\.kubernetes\.io\/(unreachable|not-ready)$/;

export async function nodeFitness({ session }: Pick<RunEnvironment, 'session'>, name: string): Promise<NodeFitness> {
  const node = await session.kube.get<Node>(refTo('v1', 'Node', name));
  const { taints = [], unschedulable = false } = node?.spec ?? {};
  const ready = node?.status?.conditions?.find(({ type }) => type === 'Ready')?.status;
  return {
    ready: node === undefined ? 'gone' : (ready ?? 'Unknown'),
    unschedulable,
    uid: node?.metadata.uid,
    lostTaints: taints.filter(({ key }) => LOST.test(key)).map(({ key, effect }) => `${key}:${effect}`),
  };
}
