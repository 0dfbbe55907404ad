import { defineProof, type Play } from '../../define.ts';
import { cheats } from './cheats.ts';
import { fixes } from './fixes.ts';
import { correct, untilItAnswers, waitForCart } from './repair.ts';

export default defineProof<object>({
  reference: tried({
    name: 'correct-what-is-wrong',
    says: 'the one thing that does not fit corrected where it is wrong',
    run: async (context) => {
      await correct(context);
      await waitForCart(context);
    },
  }),
  fixes: fixes.map(tried),
  cheats,
  answers: async () => ({}),
});

/** A fix, and then a try whether it helped. */
function tried(fix: Play<object>): Play<object> {
  return {
    ...fix,
    run: async (context) => {
      await fix.run(context);
      await untilItAnswers(context);
    },
  };
}
