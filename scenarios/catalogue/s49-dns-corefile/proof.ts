import { defineProof, type Play } from '../../define.ts';
import { cheats } from './cheats.ts';
import { fixes } from './fixes.ts';
import type { CorefileParameters } from './parameters.ts';
import { correct, rolloutRestart, untilNamesResolve } from './repair.ts';

export default defineProof<CorefileParameters>({
  reference: tried({
    name: 'correct-and-roll-out',
    says: 'the one wrong thing corrected where it is wrong, and the replicas rolled out anew',
    run: async (context) => {
      await correct(context);
      await rolloutRestart(context);
    },
  }),
  fixes: fixes.map(tried),
  cheats,
  answers: async () => ({}),
});

/** A fix, and then a try whether it helped. */
function tried(fix: Play<CorefileParameters>): Play<CorefileParameters> {
  return {
    ...fix,
    run: async (context) => {
      await fix.run(context);
      await untilNamesResolve(context);
    },
  };
}
