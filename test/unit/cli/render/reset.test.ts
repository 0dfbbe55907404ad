import { Chalk } from 'chalk';
import { isWhole, resetText } from '../../../../cli/render/reset.ts';
import type { ResetResult } from '../../../../scenarios/index.ts';

const plain = new Chalk({ level: 0 });
const WHOLE: ResetResult = {
  apiVersion: 'kubedrill/v1',
  lab: 'lab',
  residue: [],
  unready: '',
  tookMs: 7_340,
  notes: [],
};
const NEW_LAB = 'Only a new lab helps: kubedrill down --name lab && kubedrill up --name lab';
const rule = (line: string) => ({ kind: 'node', node: 'lab-worker', table: 'ip nat', line, change: 'added' }) as const;

test.each<[string, Partial<ResetResult>, readonly string[]]>([
  ['a lab that is as it was', {}, ['the lab "lab" is as it was when it came up (7.3 s)']],
  [
    'one in which a challenge ran that could not be taken back in full',
    { stopped: 'S01', notes: ['"hold a shell": no keeper'] },
    ['S01 was ended for it', '! "hold a shell": no keeper', 'the lab "lab" is as it was when it came up (7.3 s)'],
  ],
  [
    'one that differs',
    { residue: [rule('-A INPUT -j DROP')] },
    [
      'the lab "lab" differs from what it was when it came up (7.3 s):',
      '  lab-worker ip nat: added -A INPUT -j DROP',
      NEW_LAB,
    ],
  ],
  [
    'one that does not work',
    { unready: 'node lab-worker is Ready: Ready=Unknown' },
    ['the lab "lab" is as it was, and does not work (7.3 s):', '  node lab-worker is Ready: Ready=Unknown', NEW_LAB],
  ],
])('of %s it says so', (_which, part, lines) => {
  expect(resetText({ ...WHOLE, ...part }, plain)).toBe(`${lines.join('\n')}\n`);
  expect(isWhole({ ...WHOLE, ...part })).toBe(lines.at(-1) !== NEW_LAB);
});

test('of many differences it shows ten, and how many more there are', () => {
  const residue = Array.from({ length: 13 }, (_, index) => rule(`rule ${String(index)}`));
  const lines = resetText({ ...WHOLE, residue }, plain).split('\n');
  expect(lines.filter((line) => line.includes('added rule'))).toHaveLength(10);
  expect(lines).toContain('  and 3 more');
});
