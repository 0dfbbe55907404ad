/** What a round of a proof is about. */
export type RoundKind = 'reference' | 'prediction' | 'fix' | 'cheat' | 'killed' | 'tampered';

/**
 * What can be wrong with a round: a grade that passed what is not solved (`false-pass`) or did not pass what is (`false-fail`), a cheat
 * that was not seen by the checks that should see it (`blind`), two grades of one state that differ (`unsteady`), a prediction that did not
 * come true, something left behind, or a round that broke down.
 */
export type ProblemKind = 'false-pass' | 'false-fail' | 'blind' | 'unsteady' | 'prediction' | 'residue' | 'error';

export interface Problem {
  readonly kind: ProblemKind;
  readonly says: string;
}

/** Part `index` (from 1) of `of`. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/**
 * Runs a command line of kubedrill for the lab in a process of its own and ends that by SIGKILL, `afterMs` after it says that it begins the
 * stage; `ended` when it was over before.
 */
export type KillCommand = (
  argv: readonly string[],
  at: { readonly stage: string; readonly afterMs: number },
) => Promise<'killed' | 'ended'>;

export interface VerifyOptions {
  readonly seed?: number;
  readonly variant?: string;
  /** `all`: the whole proof of the default variant, and of each other one what is its own. Default: one variant. */
  readonly variants?: 'one' | 'all';
  /** Takes over rounds that passed before with the same code and content, in a lab of the same shape. */
  readonly resume?: boolean;
  /** How long checks must hold; default 3,000 here, 10,000 for learners. */
  readonly holdMs?: number;
  readonly steadyMs?: number;
  /** Only these rounds, by name, e.g. `reference`, `cheat:hand-made-dnat`. */
  readonly only?: readonly string[];
  readonly shard?: Shard;
  /** Plays in the order of what matters, and leaves out what would not be done in this time. */
  readonly budgetMs?: number;
  /** Files that have changed, as paths below the package's root: with a budget, what they belong to comes first. */
  readonly touched?: readonly string[];
  /** Any text, e.g. a commit's hash: with a budget, each gives the rest another order. */
  readonly rotation?: string;
  /** With it, also what is the same for every challenge: commands are killed in the middle, probes and detector tampered with. */
  readonly kill?: KillCommand;
}

export interface VerifyRound {
  /** `reference`, `prediction`, `fix:NAME`, `cheat:NAME` `killed:COMMAND:STAGE` or `tampered:WHAT`. */
  readonly name: string;
  readonly kind: RoundKind;
  readonly ok: boolean;
  readonly problems: readonly Problem[];
  readonly tookMs: number;
  /** Taken over from an earlier `verify` with the same content. */
  readonly resumed: boolean;
}

export interface SkippedRound {
  readonly name: string;
  readonly why: string;
}

/** The proof of one variant of a challenge. */
export interface VerifyReport {
  readonly apiVersion: string;
  readonly scenario: string;
  readonly slug: string;
  readonly variant: string;
  readonly seed: number;
  /** No round went wrong; some may have been left out. */
  readonly ok: boolean;
  readonly rounds: readonly VerifyRound[];
  readonly skipped: readonly SkippedRound[];
  readonly tookMs: number;
}
