import { z } from 'zod';
import { defineUndo } from './action.ts';

/** Stops the outage meter and forgets its samples. */
export const stopMeter = defineUndo({
  args: z.object({}),
  run: ({ env }) => env.network.stopMeter(),
});
