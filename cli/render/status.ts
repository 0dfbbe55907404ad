import type { ChalkInstance } from 'chalk';
import type { LabStatus } from '../../labs/index.ts';
import type { RunView } from '../../scenarios/index.ts';
import { runLine } from './run.ts';

export function statusText(status: LabStatus, run: RunView | undefined, style: ChalkInstance): string {
  const { lab, checks, nodes, frontDoor, kubeconfigFile } = status;
  const lines = [
    `${style.bold(lab.name)}${lab.cluster === lab.name ? '' : ` (cluster ${lab.cluster}, from the pool)`}  Kubernetes ${lab.kubernetesVersion}, ${lab.topology} topology, ${lab.addons} add-ons  ${status.ready ? style.green('ready') : style.red('not ready')}`,
    ...nodes.map(
      ({ name, role, ready, ipv4 }) =>
        `  ${ready ? style.green('✓') : style.red('✗')} ${name.padEnd(24)} ${role.padEnd(14)} ${ipv4}`,
    ),
    ...checks.filter(({ ok }) => !ok).map(({ says, observed }) => `  ${style.red('✗')} ${says}: ${observed}`),
    ...(frontDoor ? [`  front door  ${frontDoor.http}  (Host: app.lab.test)`] : []),
    `  kubeconfig  ${kubeconfigFile}`,
    run ? `  ${runLine(run)}` : style.dim('  next: kubedrill shell | kubedrill guide | kubedrill list'),
  ];
  return `${lines.join('\n')}\n`;
}
