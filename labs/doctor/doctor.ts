import { runSteps, type Step } from '../../core/index.ts';
import { manualError } from '../engine/install.ts';
import { topologyOf } from '../provider/topology.ts';
import type { AddonSet, LabDeps, TopologyName } from '../session.ts';
import type { Finding } from './finding.ts';
import { lookAtMachine } from './machine.ts';
import { DOCTOR_CHECKS } from './registry.ts';

export interface DoctorOptions {
  /** For which lab the machine has to do; defaults as for `up`. */
  readonly name?: string;
  readonly topology?: TopologyName;
  readonly addons?: AddonSet;
  readonly kubernetesVersion?: string;
}

/** Looks at everything that a lab needs of this machine; changes nothing. */
export async function doctor(deps: LabDeps, options: DoctorOptions = {}): Promise<readonly Finding[]> {
  const need = { topology: topologyOf(options.topology ?? 'std'), kubernetesVersion: options.kubernetesVersion };
  const machine = await deps.reporter.stage('Look at this machine', () =>
    lookAtMachine(deps, options.kubernetesVersion),
  );
  return DOCTOR_CHECKS.flatMap(({ look }) => look(machine, need, deps));
}

/**
 * Runs the automatic fixes of the findings that are not ok, as named steps in the order of the findings. Fails with exit code 4 and the exact
 * commands, before anything is changed, when a required one has only a manual fix, or none.
 */
export async function fixAll(deps: LabDeps, findings: readonly Finding[]): Promise<void> {
  const broken = findings.filter(({ ok }) => !ok);
  const byHand = broken.filter(({ severity, fix }) => severity === 'required' && fix?.kind !== 'automatic');
  if (byHand.length > 0) {
    const why = byHand.map(({ says, observed }) => `${says}: ${observed}`).join('; ');
    throw manualError(
      why,
      byHand.flatMap(({ fix, says }) => fix?.commands ?? [`# no fix known: ${says}`]),
    );
  }
  const steps = broken.flatMap(({ fix }): readonly Step<undefined>[] =>
    fix?.kind === 'automatic' ? [{ title: capitalised(fix.says), run: (_context, detail) => fix.run(detail) }] : [],
  );
  await runSteps(steps, undefined, deps.reporter, deps.signal);
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
