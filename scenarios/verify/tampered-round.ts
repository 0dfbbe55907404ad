import type { Play } from '../define.ts';
import type { GradeResult } from '../types.ts';
import { breakLab, giveAnswers, gradeNow } from './play.ts';
import type { Round } from './rounds.ts';
import type { Tamper } from './tampers.ts';
import type { Problem } from './types.ts';

/** The challenge is solved, and probes or detector are tampered with: that voids the grade, and it says so. */
export function tamperedRound(reference: Play<unknown>, tamper: Tamper): Round {
  return {
    name: `tampered:${tamper.name}`,
    kind: 'tampered',
    play: async (playing) => {
      const context = await breakLab(playing);
      await giveAnswers(playing, context);
      await reference.run(context);
      await tamper.run(context);
      return mustBeVoid(await gradeNow(playing));
    },
  };
}

function mustBeVoid({ passed, inconclusive }: GradeResult): readonly Problem[] {
  if (passed) return [{ kind: 'false-pass', says: 'it passed though the probes or the detector were tampered with' }];
  return inconclusive ? [] : [{ kind: 'blind', says: 'the grade does not say that it was tampered with' }];
}
