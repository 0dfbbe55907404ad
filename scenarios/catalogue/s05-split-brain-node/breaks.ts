import { asManifest, refTo } from '../../cluster/objects.ts';
import type { RunContext } from '../../define.ts';
import { nodeCommand } from '../../faults/node-command.ts';
import { mustGet } from '../../faults/objects.ts';
import type { RunStep } from '../../faults/step.ts';
import { toJson } from '../../json.ts';
import { cutOf, cutScript, LIFT_SCRIPT } from './cut.ts';
import type { SplitParameters } from './parameters.ts';
import { noteCut, watchTimeline } from './timeline.ts';

export function breaks(context: RunContext<SplitParameters>): readonly RunStep[] {
  return [cutOff(context), watchTimeline(context)];
}

/** Taken back by opening the port and waiting for the node; pods that went elsewhere are spread again. */
function cutOff({ variant, parameters: { victim } }: RunContext<SplitParameters>): RunStep {
  const argv = ['bash', '-c', cutScript(cutOf(variant))];
  const step = nodeCommand({ title: `close the API server’s port on ${victim}`, node: victim, argv, undo: [] });
  return {
    ...step,
    undo: async ({ env }) => {
      const node = await mustGet(env, refTo('v1', 'Node', victim));
      return [
        { action: 'node.run', args: { node: victim, argv: ['bash', '-c', LIFT_SCRIPT] } },
        { action: 'node.rejoin', args: { object: toJson(asManifest(node)), uid: node.metadata.uid ?? '' } },
        ...(variant === 'long'
          ? [{ action: 'pods.replace', args: { namespace: 'shop', labels: { app: 'web' } } }]
          : []),
      ];
    },
    run: async (context) => {
      await noteCut(context);
      await step.run(context);
    },
  };
}
