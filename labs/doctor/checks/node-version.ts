import { isAtLeast } from '../../tools/tool.ts';
import type { DoctorCheck } from '../check.ts';

const LEAST = '20.19';

export const nodeVersionCheck: DoctorCheck = {
  id: 'node-version',
  look: ({ nodeVersion }) => [
    {
      id: 'node-version',
      says: `Node.js is ${LEAST} or later`,
      ok: isAtLeast(nodeVersion, LEAST),
      observed: nodeVersion,
      severity: 'required',
      fix: { kind: 'manual', says: 'install a newer Node.js', commands: ['# see https://nodejs.org/en/download'] },
    },
  ],
};
