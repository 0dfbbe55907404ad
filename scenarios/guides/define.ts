import type { Finding } from '../define.ts';
import type { RunStep } from '../faults/step.ts';
import type { RunEnvironment } from '../ports.ts';

/** What a guide's steps may use. */
export interface GuideContext {
  readonly env: RunEnvironment;
  /** Words that the texts may hold as `{{name}}`, e.g. the node that the guide works on. */
  readonly words: Readonly<Record<string, string>>;
}

export interface GuideStep {
  /** Markdown beside guide.ts, named `NN-step.md`; its first line is the title. */
  readonly file: string;
  /** Something that the guide does when asked: journalled, and undone when the guide is closed. */
  readonly action?: { readonly says: string; steps(context: GuideContext): readonly RunStep[] };
  /** Says in a sentence what has to be so before the next step. */
  readonly says: string;
  verify(context: GuideContext): Promise<Finding>;
}

export interface Guide {
  readonly slug: string;
  readonly title: string;
  readonly minutes: number;
  words(env: RunEnvironment): Readonly<Record<string, string>>;
  readonly steps: readonly GuideStep[];
}

/** Declares a guide; the contract test looks whether it keeps the rules. */
export function defineGuide(guide: Guide): Guide {
  return guide;
}
