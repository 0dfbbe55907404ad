import { nodeOf } from '../../cluster/nodes.ts';
import type { RunContext } from '../../define.ts';
import type { RunStep } from '../../faults/step.ts';
import { causeOf, type Cause } from './causes.ts';
import { linkFrom } from './link.ts';
import type { RouteParameters } from './parameters.ts';

export function breaks({ variant, parameters }: RunContext<RouteParameters>): readonly RunStep[] {
  const cause = causeOf(variant);
  return parameters.broken.map((node) => breakOn(node, cause, parameters));
}

function breakOn(node: string, cause: Cause, parameters: RouteParameters): RunStep {
  return {
    title: `${cause.title}, on ${node}`,
    undo: async () => [{ action: 'node.restore', args: { node } }],
    run: async ({ env }) => {
      const link = await linkFrom(env, node, parameters);
      for (const argv of cause.commands(link)) await nodeOf(env.session, node).exec(argv, { timeoutMs: 30_000 });
    },
  };
}
