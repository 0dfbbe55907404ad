import { done, KubedrillError, notYet, waitFor } from '../../core/index.ts';
import type { LabSnapshot, Residue } from '../../labs/index.ts';
import { breakLab, gradeNow, stopClean, type Playing } from './play.ts';
import type { Kill } from './kills.ts';
import type { Round } from './rounds.ts';
import type { Problem } from './types.ts';

/** Time for controllers to follow what a stop put back, as a stop itself gives them. */
const SETTLE_MS = 25_000;

/** A command is killed in the middle; a stop from another process then leaves the lab as a picture of this round's own has it. */
export function killedRound(kill: Kill): Round {
  return {
    name: `killed:${kill.command}:${kill.at}`,
    kind: 'killed',
    play: async (playing) => {
      const { env } = playing;
      const before = await env.labs.takeSnapshot();
      const problems = await killAndGoOn(playing, kill);
      const left = await stopClean(playing);
      return [...problems, ...left, ...(await residueSince(playing, before))];
    },
  };
}

async function killAndGoOn(playing: Playing, kill: Kill): Promise<readonly Problem[]> {
  if (kill.command !== 'start') await breakLab(playing);
  const outcome = await playing.kill?.(argvOf(playing, kill), kill);
  if (outcome !== 'killed') {
    return [{ kind: 'error', says: `kubedrill ${kill.command} was over before "${kill.stage}" could be interrupted` }];
  }
  if (kill.command !== 'grade') return [];
  const graded = await gradeNow(playing);
  return graded.passed ? [{ kind: 'false-pass', says: 'the unsolved lab passed after a grade that was killed' }] : [];
}

function argvOf({ scenario, options }: Playing, { command }: Kill): readonly string[] {
  if (command !== 'start') return [command];
  return [command, scenario.id, '--seed', String(options.seed), '--variant', options.variant];
}

async function residueSince({ env }: Playing, before: LabSnapshot): Promise<readonly Problem[]> {
  let residue: readonly Residue[] = [];
  try {
    await waitFor(
      async () => {
        residue = env.labs.compareSnapshots(before, await env.labs.takeSnapshot());
        return residue.length === 0 ? done(undefined) : notYet(JSON.stringify(residue[0]));
      },
      { what: 'a lab as it was', timeoutMs: SETTLE_MS, intervalMs: 1000, clock: env.session.clock },
    );
    return [];
  } catch (error) {
    if (!(error instanceof KubedrillError)) throw error;
    return [{ kind: 'residue', says: `${String(residue.length)} differences left: ${JSON.stringify(residue[0])}` }];
  }
}
