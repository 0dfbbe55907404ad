import { aptPlan, asCommands, type AptFacts } from '../engine/apt-plan.ts';
import { runInstallPlan } from '../engine/install.ts';
import type { LabDeps } from '../session.ts';
import type { Fix } from './finding.ts';

/** Installs Debian packages: by itself as root, else as commands for a person. */
export function aptFix(packages: readonly string[], apt: AptFacts, { runner, signal }: LabDeps): Fix {
  const plan = aptPlan(packages, apt);
  const commands = asCommands(plan);
  if (plan.kind === 'manual') return { kind: 'manual', says: `install ${packages.join(', ')} (${plan.why})`, commands };
  return {
    kind: 'automatic',
    says: `install ${packages.join(', ')}${plan.files.length > 0 ? ' from Debian trixie (source added, at low priority)' : ''}`,
    commands,
    run: (detail) => runInstallPlan(plan, runner, detail, signal),
  };
}
