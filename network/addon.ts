import type { Addon, AddonContext, AddonProbe, CheckResult, KubeObject } from '../core/index.ts';
import { PROBES_NAMESPACE } from './addon/names.ts';
import { guardedPolicy } from './addon/policy.ts';
import { probeServices } from './addon/services.ts';
import { probeWorkloads } from './addon/workloads.ts';
import type { ProberState } from './agent/protocol.ts';
import { askProbers, type Said } from './lab/ask.ts';
import { probersOf } from './lab/prober-refs.ts';
import { AGENT_PROGRAM } from './programs.ts';

const HEALTH_TIMEOUT_MS = 2_000;

/** The probers of every node and the Services over them; ready when all of them, and the outside one, answer. */
export function addon(): Addon {
  return { name: 'probes', programs: [AGENT_PROGRAM], manifests, ready };
}

function manifests(context: AddonContext): readonly KubeObject[] {
  return [namespace(), guardedPolicy(), ...probeServices(context), ...probeWorkloads(context)];
}

function namespace(): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: PROBES_NAMESPACE, labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } },
  };
}

async function ready(probe: AddonProbe): Promise<readonly CheckResult[]> {
  const asked = probersOf(probe).map((prober) => ({ prober, method: 'GET', path: '/healthz' }) as const);
  const said = await askProbers<ProberState>(probe.channel, asked, {
    timeoutMs: HEALTH_TIMEOUT_MS,
    // Asked again and again while the lab comes up: entering a node for each prober would only slow that down.
    withoutRelay: 'give-up',
  });
  return said.map((one) => ({
    id: `prober ${one.prober.name}`,
    says: `the prober ${one.prober.name} answers`,
    ok: one.kind === 'answer' && one.body.identity === one.prober.name,
    observed: observed(one),
  }));
}

function observed(said: Said<ProberState>): string {
  return said.kind === 'answer' ? `${said.body.identity} has ${said.body.own.join(', ')}` : said.why;
}
