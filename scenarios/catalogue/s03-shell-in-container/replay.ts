import { messageOf, type KubeClient } from '../../../core/index.ts';
import { refTo, type Pod } from '../../cluster/objects.ts';
import type { CheckContext, Finding } from '../../define.ts';
import { mustGet } from '../../faults/objects.ts';
import { sessionName, text, webPods, withDebugContainer } from './breaks.ts';
import { FACTS, type IntrusionParameters } from './parameters.ts';

type Context = CheckContext<IntrusionParameters>;

/** What the API server says to those whom it does not let in, or no longer knows. */
const SHUT = /\b(401|403)\b|forbidden|unauthorized/i;

/** Tries the same intrusion again, with what the intruder still has. */
export async function replay(context: Context): Promise<Finding> {
  const [pod] = await webPods(context.env);
  if (!pod) return { ok: false, observed: 'there is no web pod to try it on' };
  switch (context.variant) {
    case 'runtime-exec':
      // Root on a node cannot be kept out of its containers: the report has to lead there, and P1 asks for it.
      return reportedNode(context);
    case 'ephemeral-container':
      return debugAgain(context, pod);
    default:
      return execAgain(context, pod);
  }
}

function reportedNode({ answers, fact }: Context): Finding {
  const node = text({ fact }, FACTS.node);
  const ok = answers['node'] === node && answers['user'] === 'none';
  return { ok, observed: `reported as node=${answers['node'] ?? '?'} user=${answers['user'] ?? '?'}` };
}

async function execAgain(context: Context, pod: Pod): Promise<Finding> {
  const { env, parameters } = context;
  const id = `${sessionName(context)}-again`;
  try {
    await env.labs.holdShell({
      id,
      kubeconfig: text(context, FACTS.intruder),
      namespace: 'shop',
      pod: pod.metadata.name,
      container: 'web',
      command: [parameters.shell],
      mode: 'exec',
      terminal: 'tty',
    });
    return { ok: false, observed: `the same session opened again, in ${pod.metadata.name}` };
  } catch (error) {
    const why = messageOf(error);
    return { ok: SHUT.test(why), observed: why.slice(0, 200) };
  } finally {
    await env.labs.endShell(id);
  }
}

/** A dry run: the API server asks everything that it would ask, and changes nothing. */
async function debugAgain(context: Context, { metadata }: Pod): Promise<Finding> {
  const { env, parameters } = context;
  const pod = await mustGet<Pod>(env, refTo('v1', 'Pod', metadata.name, 'shop'));
  const intruder: KubeClient = await env.labs.kubeAs(text(context, FACTS.intruderFromHost));
  const path = `/api/v1/namespaces/shop/pods/${metadata.name}/ephemeralcontainers?dryRun=All`;
  const answer = await intruder.raw('PUT', path, withDebugContainer(pod, parameters.shell));
  const isShut =
    answer.status === 401 || answer.status === 403 || /denied the request|ValidatingAdmissionPolicy/.test(answer.text);
  return { ok: isShut, observed: `HTTP ${String(answer.status)} for another debug container` };
}
