import { isAtLeast } from '../../tools/tool.ts';
import { aptFix } from '../apt-fix.ts';
import type { DoctorCheck } from '../check.ts';

/** From here on Go fetches the version that a module asks for by itself. */
const LEAST = '1.21';

export const goCheck: DoctorCheck = {
  id: 'go',
  look: ({ tools, images, apt }, _need, deps) => {
    const isNeeded = tools.kind === undefined || images.kind !== 'present';
    const isThere = tools.go !== undefined && isAtLeast(tools.go, LEAST);
    return [
      {
        id: 'go',
        says: 'Go can build kind and the images',
        ok: isThere || !isNeeded,
        observed: `${tools.go ?? 'no go on the PATH'}${isNeeded ? '' : ' (not needed: nothing is to be built)'}`,
        severity: 'required',
        fix: aptFix(['golang-go', 'gcc', 'libc6-dev'], apt, deps),
      },
    ];
  },
};
