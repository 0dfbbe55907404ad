import { ExitCode, KubedrillError } from '../core/index.ts';
import { buildLab } from './build-lab.ts';
import { whatIsLeft } from './find.ts';
import { withLabLock } from './lock.ts';
import { requireEngine } from './engine/require.ts';
import { materialsFor } from './materials.ts';
import { planOf, type UpOptions, type UpPlan } from './plan.ts';
import { refusePooledName, takeFromPool } from './pool/index.ts';
import { reuseLab } from './reuse-lab.ts';
import type { LabDeps, Session } from './session.ts';

/**
 * Brings a lab up, or verifies the one of that name that is up already (and starts what is stopped of it). Fails with a three-line
 * KubedrillError and leaves nothing behind, or names the command that removes the rest; `deps.signal` cancels (exit code 130), and
 * cleans up the same way. `deps.runner` must not carry that signal itself: cleaning up needs programs too.
 */
export async function up(deps: LabDeps, options: UpOptions = {}): Promise<Session> {
  const plan = planOf(options);
  await refusePooledName(deps, plan.name);
  return withLabLock(deps, plan.name, 'up', async () => {
    try {
      return await upLocked(deps, plan, options);
    } catch (error) {
      throw await explained(deps, plan, error);
    }
  });
}

async function upLocked(deps: LabDeps, plan: UpPlan, options: UpOptions): Promise<Session> {
  const engine = await requireEngine(deps);
  const reused = await reuseLab(deps, plan, options);
  if (reused !== undefined) return reused;
  const taken = plan.pool === 'use' ? await takeFromPool(deps, plan, engine) : undefined;
  return taken ?? (await buildLab(deps, plan, await materialsFor(deps, plan, engine)));
}

/** Says when it was the user who stopped it, and with which command what is left is removed. */
async function explained(deps: LabDeps, { name }: UpPlan, error: unknown): Promise<unknown> {
  const left = await whatIsLeft(deps, name).catch(() => []);
  const remove = `kubedrill down --name ${name}`;
  if (deps.signal?.aborted) {
    return new KubedrillError({
      what: `up of the lab "${name}" was cancelled`,
      why: left.length === 0 ? 'nothing of it is left' : `left: ${left.join(', ')}`,
      hint: left.length === 0 ? `kubedrill up --name ${name}` : remove,
      exitCode: ExitCode.cancelled,
      cause: error,
    });
  }
  if (left.length === 0 || !(error instanceof KubedrillError) || error.exitCode === ExitCode.usage) return error;
  const { what, why, hint, exitCode, cause } = error;
  return new KubedrillError({
    what,
    why: `${why}; left: ${left.join(', ')}`,
    hint: `${remove}; ${hint}`,
    exitCode,
    cause,
  });
}
