import { createHash } from 'node:crypto';
import { appendFile, mkdir, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { packageRoot } from '../../core/index.ts';
import type { Session } from '../../labs/index.ts';
import type { VerifyRound } from '../types.ts';

export interface ProofKey {
  readonly scenario: string;
  readonly variant: string;
  readonly seed: number;
  /** Of `codeHash`. */
  readonly code: string;
}

interface Remembered {
  readonly key: string;
  readonly round: VerifyRound;
}

/** Rooms whose code decides how a proof comes out. */
const ROOMS = ['core', 'network', 'detector', 'labs', 'scenarios'];

/** Rounds of this proof that passed before with the same code and content, by name. */
export async function recallRounds(
  session: Pick<Session, 'folder'>,
  key: ProofKey,
): Promise<ReadonlyMap<string, VerifyRound>> {
  const text = await readFile(fileOf(session), 'utf8').catch(() => '');
  const wanted = keyText(key);
  const rounds = text.split('\n').flatMap((line) => parsed(line));
  return new Map(
    rounds.filter(({ key: of, round }) => of === wanted && round.ok).map(({ round }) => [round.name, round]),
  );
}

export async function rememberRound(
  session: Pick<Session, 'folder'>,
  key: ProofKey,
  round: VerifyRound,
): Promise<void> {
  const line: Remembered = { key: keyText(key), round };
  await mkdir(dirname(fileOf(session)), { recursive: true });
  await appendFile(fileOf(session), `${JSON.stringify(line)}\n`);
}

function fileOf(session: Pick<Session, 'folder'>): string {
  return join(session.folder, 'verify.jsonl');
}

/** A line that was cut off is as good as none: that round is played again. */
function parsed(line: string): readonly Remembered[] {
  try {
    return [JSON.parse(line) as Remembered];
  } catch {
    return [];
  }
}

function keyText({ scenario, variant, seed, code }: ProofKey): string {
  return `${scenario}/${variant}/${String(seed)}/${code}`;
}

/** Hash over the sources of the rooms, so that a result never outlives what it says something about. */
export async function codeHash(): Promise<string> {
  const files = (await Promise.all(ROOMS.map(sourcesOf))).flat();
  const texts = await Promise.all(files.map((file) => readFile(file)));
  const hash = createHash('sha256');
  for (const [index, text] of texts.entries()) hash.update(files[index] ?? '').update(text);
  return hash.digest('hex').slice(0, 16);
}

async function sourcesOf(room: string): Promise<readonly string[]> {
  const folder = join(packageRoot(), room);
  const names = await readdir(folder, { recursive: true });
  return names
    .filter((name) => /\.(ts|md|yaml|[ch])$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}
