import { ExitCode, KubedrillError } from '../core/index.ts';
import { labParts, type LabParts } from './find.ts';
import { toolboxReference } from './images/index.ts';
import { labFolder, networkName } from './names.ts';
import { checkSameLab, type UpOptions, type UpPlan } from './plan.ts';
import { foreignNodes } from './provider/kind.ts';
import { readRecord } from './record.ts';
import { removeLab } from './remove.ts';
import type { LabDeps, LabRecord, Session } from './session.ts';
import { verifyLab } from './verify-lab.ts';
import { wakeLab } from './wake-lab.ts';

/**
 * The lab of that name when there is one: started where it is stopped, verified, put right where that is cheap. Undefined when there is none; what was
 * left of one that is not whole any more is removed then. Fails for a kind cluster of that name that is not kubedrill's.
 */
export async function reuseLab(deps: LabDeps, plan: UpPlan, options: UpOptions): Promise<Session | undefined> {
  const { runner, paths } = deps;
  const record = await readRecord(labFolder(paths, plan.name));
  const cluster = record?.cluster ?? plan.name;
  const [foreign, found] = await Promise.all([foreignNodes(runner, cluster), labParts(runner, cluster)]);
  if (foreign.length > 0) throw notOurs(plan.name, foreign);
  if (found.network === 'foreign') throw notOurs(plan.name, [`network ${networkName(cluster)}`]);
  if (record === undefined && isNothing(found)) return undefined;
  if (record !== undefined) checkSameLab(record, options);
  const awake = record === undefined ? undefined : await wakeLab(deps, record, found);
  if (record === undefined || awake === undefined) {
    const removed = await removeLab(deps, plan.name);
    deps.reporter.info(`removed what was left of the lab "${plan.name}": ${removed.join(', ')}`);
    return undefined;
  }
  const session = await deps.reporter.stage(`Verify the lab "${plan.name}"`, (detail) =>
    verifyLab(deps, awake, detail),
  );
  await sayIfOlder(deps, record);
  return session;
}

function isNothing({ nodes, keeper, network }: LabParts): boolean {
  return nodes.length === 0 && keeper === undefined && network === 'none';
}

/** After an update of kubedrill a lab goes on with the probers and the detector that it was made with. */
async function sayIfOlder(deps: LabDeps, { name, images, kubernetesVersion }: LabRecord): Promise<void> {
  if ((await toolboxReference({ ...deps, kubernetesVersion })) === images.toolbox) return;
  deps.reporter.warn(
    `the lab "${name}" runs the programs of another version of kubedrill: kubedrill down && kubedrill up gives it this one's`,
  );
}

function notOurs(name: string, parts: readonly string[]): KubedrillError {
  return new KubedrillError({
    what: `the name ${name} is taken`,
    why: `${parts.join(', ')} ${parts.length === 1 ? 'is' : 'are'} there, and kubedrill did not create ${parts.length === 1 ? 'it' : 'them'}`,
    hint: 'choose another name: kubedrill up --name drill',
    exitCode: ExitCode.usage,
  });
}
