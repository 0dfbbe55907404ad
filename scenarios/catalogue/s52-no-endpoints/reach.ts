import { nodesThatNeverGet } from '../../checks/node-gets.ts';
import type { Finding } from '../../define.ts';
import type { RunEnvironment } from '../../ports.ts';
import { ANSWERERS, CLUSTER_IP, PORT } from './parts.ts';

/** Whether every machine gets an answer of a pod of cart within 5 s; of one of these pods when a name is given. */
export async function answersEverywhere(env: RunEnvironment, who = ANSWERERS): Promise<Finding> {
  const silent = await nodesThatNeverGet(env, `http://${CLUSTER_IP}:${String(PORT)}/`, who);
  if (silent.length > 0) return { ok: false, observed: `${who} does not answer on ${silent.join(', ')}` };
  return { ok: true, observed: `${who} answers on ${String(env.session.nodes.length)} machines` };
}
