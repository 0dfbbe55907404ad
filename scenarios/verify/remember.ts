import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Session } from '../../labs/index.ts';
import type { VerifyRound } from './types.ts';

/** What a result depends on, besides chance. */
export interface ProofKey {
  readonly scenario: string;
  readonly variant: string;
  readonly seed: number;
  /** Of `ProofSources.hashOf`. */
  readonly sources: string;
}

interface Remembered {
  readonly key: string;
  readonly round: VerifyRound;
}

/** Rounds of one proof that passed before, and a place for those that pass now. */
export interface ProofMemory {
  recall(round: string): VerifyRound | undefined;
  keep(round: VerifyRound): Promise<void>;
}

/**
 * Results live beside the labs, not in one: what they depend on is in their key, so that they outlive a lab and hold for the next of its
 * shape. A lab is made of its images (whose tags are hashes of their recipes and programs), its topology and its add-ons.
 */
export async function openMemory(session: Pick<Session, 'paths' | 'lab'>, key: ProofKey): Promise<ProofMemory> {
  const file = join(session.paths.state, 'proofs.jsonl');
  const name = nameOf(key, session);
  const text = await readFile(file, 'utf8').catch(() => '');
  const known = text
    .split('\n')
    .flatMap(parsed)
    .filter((line) => line.key === name && line.round.ok);
  const rounds = new Map(known.map(({ round }) => [round.name, round]));
  return {
    recall: (round) => rounds.get(round),
    keep: async (round) => {
      const line: Remembered = { key: name, round };
      await mkdir(dirname(file), { recursive: true });
      await appendFile(file, `${JSON.stringify(line)}\n`);
    },
  };
}

/** A line that was cut off is as good as none: that round is played again. */
function parsed(line: string): readonly Remembered[] {
  try {
    return [JSON.parse(line) as Remembered];
  } catch {
    return [];
  }
}

function nameOf({ scenario, variant, seed, sources }: ProofKey, { lab }: Pick<Session, 'lab'>): string {
  const { kubernetesVersion, topology, addons, cni, images } = lab;
  const shape = [kubernetesVersion, topology, addons, cni, images.node, images.toolbox, images.traefik ?? ''];
  return [scenario, variant, String(seed), sources, ...shape].join(' ');
}
