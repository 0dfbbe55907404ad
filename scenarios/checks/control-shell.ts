import { done, notYet, waitFor } from '../../core/index.ts';
import { adminKubeconfig } from '../cluster/kubeconfig.ts';
import type { CheckContext, Finding } from '../define.ts';
import { nodesWithOtherRules } from '../grader/tampering.ts';
import { RULESETS_FACT } from '../runner/context.ts';

const RULE = 'Terminal shell in container';
const DEADLINE_MS = 2_000;
/** For the alert to be read, beside its own deadline. */
const PATIENCE_MS = 6_000;

/** Where the grader opens a shell of its own. */
export interface Sandbox {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

/** The rules are those from before the run, and a shell that the grader opens is reported within 2 s. */
export async function controlShellIsSeen(context: CheckContext<unknown>, sandbox: Sandbox): Promise<Finding> {
  const { env } = context;
  const changed = nodesWithOtherRules(context.fact(RULESETS_FACT), (await context.detector()).rulesets);
  if (changed.length > 0) return { ok: false, observed: `not the rules from before on ${changed.join(', ')}` };
  const id = `${context.run}-control`;
  const sinceMs = env.session.clock.now().getTime();
  try {
    const kubeconfig = await adminKubeconfig(env);
    await env.labs.holdShell({ ...sandbox, id, kubeconfig, command: ['sh'], mode: 'exec', terminal: 'tty' });
    const latencyMs = await waitFor(
      async () => {
        const { alerts } = await env.detector.read(sinceMs);
        const alert = alerts.find(({ rule, about }) => rule === RULE && about.pod === sandbox.pod);
        return alert
          ? done(alert.latencyMs)
          : notYet(`${String(alerts.length)} alerts, none of a shell in ${sandbox.pod}`);
      },
      { what: 'the alert of a control shell', timeoutMs: PATIENCE_MS, clock: env.session.clock },
    );
    const observed = `a control shell in ${sandbox.pod} was reported after ${String(Math.round(latencyMs))} ms`;
    return { ok: latencyMs <= DEADLINE_MS, observed };
  } finally {
    await env.labs.endShell(id);
  }
}
