import { z } from 'zod';
import { defineUndo } from './action.ts';

/** Ends a session that the keeper holds. */
export const endHeldShell = defineUndo({
  args: z.object({ id: z.string() }),
  run: ({ env }, { id }) => env.labs.endShell(id),
});
