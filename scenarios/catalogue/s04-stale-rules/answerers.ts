import type { NodeHandle } from '../../../core/index.ts';
import { isReady, refTo, type Service } from '../../cluster/objects.ts';
import { podsWith } from '../../cluster/pods.ts';
import type { Finding } from '../../define.ts';
import { mustGet } from '../../faults/objects.ts';
import type { RunEnvironment } from '../../ports.ts';

/** Of four pods, each is called by all but one in 100,000 such rows. */
const CALLS = 40;

/** Calls `web` from the node itself, whose calls take the rules that those of its pods take: nobody may be silent, and every pod has to answer. */
export async function everyPodAnswers(env: RunEnvironment, node: NodeHandle): Promise<Finding> {
  const service = await mustGet<Service>(env, refTo('v1', 'Service', 'web', 'shop'));
  const pods = (await podsWith(env.session.kube, 'shop', { app: 'web' })).filter(isReady);
  const { lost, answered } = await callOften(node, `http://${service.spec.clusterIP ?? ''}/`);
  if (lost > 0) return { ok: false, observed: `${String(lost)} of ${String(CALLS)} calls from ${node.name} are lost` };
  const names = pods.map(({ metadata }) => metadata.name);
  const silent = names.filter((name) => !answered.has(name));
  const strange = [...answered].filter((name) => !names.includes(name));
  if (silent.length > 0) return { ok: false, observed: `from ${node.name} nobody is led to ${silent.join(', ')}` };
  if (strange.length > 0) return { ok: false, observed: `${strange.join(', ')} answered, and is no pod of web` };
  return {
    ok: true,
    observed: `${String(CALLS)} calls from ${node.name} were answered, by all ${String(names.length)} pods`,
  };
}

interface Answers {
  readonly lost: number;
  /** Names of the pods. */
  readonly answered: ReadonlySet<string>;
}

async function callOften(node: NodeHandle, url: string): Promise<Answers> {
  const script = 'for i in $(seq "$2"); do curl --silent --max-time 1 "$1" || echo lost; done';
  const { stdout } = await node.exec(['bash', '-c', script, 'call', url, String(CALLS)], { timeoutMs: 60_000 });
  const lines = stdout.split('\n').filter((line) => line !== '');
  const answered = lines.flatMap((line) => /"identity":"shop\/([^"]+)"/.exec(line)?.[1] ?? []);
  return { lost: lines.filter((line) => line === 'lost').length, answered: new Set(answered) };
}
