import { nodeOf } from '../../cluster/nodes.ts';
import { restartFlannel } from '../../cluster/flannel.ts';
import { defineProof, type Play } from '../../define.ts';
import { cheats } from './cheats.ts';
import { linkFrom } from './link.ts';
import type { RouteParameters } from './parameters.ts';
import { remove, removeInOtherWords, untilPodsAnswer } from './repair.ts';

export default defineProof<RouteParameters>({
  reference: tried({
    name: 'remove-what-does-not-belong',
    says: 'what does not belong removed, on every machine that has it',
    run: (context) => remove(context),
  }),
  fixes: [
    tried({
      name: 'in-other-words',
      says: 'the same by other commands: a flush, a handle, a priority, a file below /etc/sysctl.d, units removed by hand',
      run: removeInOtherWords,
    }),
    tried({
      name: 'owner-writes-it',
      says: 'what does not belong removed, and the route too: the pod network’s daemon sets it when it is started again',
      run: async (context) => {
        const { env, parameters } = context;
        await remove(context);
        for (const node of parameters.broken) {
          const { far } = await linkFrom(env, node, parameters);
          await nodeOf(env.session, node).exec(['ip', 'route', 'del', far]);
        }
        await restartFlannel(env, parameters.broken);
      },
    }),
  ],
  cheats,
  answers: async () => ({}),
});

/** A fix, and then a try whether it helped. */
function tried(fix: Play<RouteParameters>): Play<RouteParameters> {
  return {
    ...fix,
    run: async (context) => {
      await fix.run(context);
      await untilPodsAnswer(context);
    },
  };
}
