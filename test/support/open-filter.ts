import { ANY_PATH, openFilterFor, type OpenFilter } from '../../detector/prefilter/open-filter.ts';
import { KindBit, OPEN_KINDS } from '../../detector/prefilter/open-kind.ts';
import { loadRules } from '../../detector/ruleset/index.ts';

/** An open as the kernel sees it, on x86-64. */
export interface Open {
  readonly path: string | Buffer;
  readonly flags: number;
  readonly mode?: number;
  readonly result?: number;
}

export const OpenFlag = {
  readOnly: 0,
  writeOnly: 1,
  readWrite: 2,
  create: 0o100,
  truncate: 0o1000,
  directory: 0o200000,
  temporary: 0o20200000,
} as const;

/** The filter for the opens of a rules file. */
export function filterOf(rules: string): OpenFilter {
  const { ruleset, errors } = loadRules([{ name: 'rules.yaml', content: rules }]);
  if (ruleset === undefined) throw new Error(JSON.stringify(errors));
  const filter = openFilterFor(ruleset.rules);
  if (filter === undefined) throw new Error('no filter is that large');
  return filter;
}

/** The filter of one rule. */
export function filterOfCondition(condition: string): OpenFilter {
  return filterOf(`- rule: R\n  desc: D\n  output: O\n  priority: INFO\n  condition: >-\n    ${condition}\n`);
}

/** What sensor/open-kept-back.h does, over again: whether an open makes a record. */
export function passes(filter: OpenFilter, open: Open): boolean {
  const kind = kindOf(open);
  const wanted = filter.wanted[kind] ?? 0n;
  if (wanted === 0n) return false;
  const path = Buffer.from(open.path);
  if ((wanted & ANY_PATH) !== 0n || path[0] !== SLASH || path.length >= PATH_MAX) return true;
  const found = foundIn(filter, path);
  return (found & wanted) !== 0n || (~found & (filter.unwanted[kind] ?? 0n)) !== 0n;
}

const SLASH = 0x2f;
const PATH_MAX = 256;

function foundIn({ automaton, inLastComponent }: OpenFilter, path: Buffer): bigint {
  let state = automaton.start;
  let found = 0n;
  for (const byte of [...path, 0]) {
    if (byte === SLASH) found &= ~inLastComponent;
    state = automaton.next[state * automaton.width + (automaton.columns[byte] ?? 0)] ?? 0;
    found |= automaton.found[state] ?? 0n;
  }
  return found;
}

function kindOf({ flags, mode = 0, result = 3 }: Open): number {
  const mayCreate = (flags & (OpenFlag.create | 0o20000000)) !== 0;
  const kind =
    ((flags & 3) === 1 ? 0 : KindBit.read) |
    ((flags & 3) === 0 ? 0 : KindBit.write) |
    (mayCreate ? KindBit.create : 0) |
    (mayCreate && (mode & 0o111) !== 0 ? KindBit.execute : 0) |
    ((flags & OpenFlag.truncate) === 0 ? 0 : KindBit.truncate) |
    ((flags & OpenFlag.directory) !== 0 && (flags & 0o20000000) === 0 ? KindBit.directory : 0) |
    (result < 0 ? KindBit.failed : 0);
  if (kind >= OPEN_KINDS) throw new Error('there is no such kind');
  return kind;
}
