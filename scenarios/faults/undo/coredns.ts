import { z } from 'zod';
import { restartCoreDns } from '../../cluster/coredns.ts';
import { defineUndo } from './action.ts';

/** Replaces CoreDNS's pods, which then run with what their objects say now. */
export const restartCoreDnsAction = defineUndo({
  args: z.object({}),
  run: ({ env }) => restartCoreDns(env),
});
