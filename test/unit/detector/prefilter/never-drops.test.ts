import fc from 'fast-check';
import { createEngine } from '../../../../detector/engine/index.ts';
import { readSyscallField } from '../../../../detector/enrich/syscall-event.ts';
import { openFilterFor } from '../../../../detector/prefilter/open-filter.ts';
import { loadRules } from '../../../../detector/ruleset/index.ts';
import { encodeWalkedPath } from '../../../../detector/source/record.ts';
import { OpenFlag, passes, type Open } from '../../../support/open-filter.ts';
import { eventOf } from '../enrich/events.ts';
import { openOf } from '../enrich/records.ts';

const RUNS = Number(process.env['KUBEDRILL_FUZZ_RUNS'] ?? 300);
const LONG_MS = 3_600_000;

test(
  'an open that any rule matches is never kept back, whatever the rules and the open are',
  () => {
    let matched = 0;
    let keptBack = 0;
    fc.assert(
      fc.property(fc.array(condition(), { minLength: 1, maxLength: 2 }), opens(), (conditions, seen) => {
        const { ruleset, errors } = loadRules([{ name: 'r.yaml', content: conditions.map(ruleText).join('') }]);
        if (ruleset === undefined) throw new Error(JSON.stringify(errors));
        const engine = createEngine({ ruleset, readField: readSyscallField });
        const filter = openFilterFor(ruleset.rules);
        for (const open of seen) {
          const isMatched = engine.process(eventOf(recordOf(open))).length > 0;
          const isPassed = filter === undefined || passes(filter, open);
          if (isMatched) matched++;
          if (!isPassed) keptBack++;
          if (isMatched && !isPassed) throw new Error(`kept back: ${JSON.stringify({ conditions, open })}`);
        }
      }),
      { numRuns: RUNS },
    );
    // It would be easy to keep back nothing, and no proof to see nothing that matches.
    expect(Math.min(matched, keptBack)).toBeGreaterThan(RUNS / 10);
  },
  LONG_MS,
);

function ruleText(text: string, n: number): string {
  return `- rule: R${String(n)}\n  desc: D\n  output: O\n  priority: INFO\n  condition: evt.type in (open, openat, openat2, creat) and ${text}\n`;
}

const CREATED = (1n << 32n) | 0o100644n;

function recordOf({ path, flags, mode = 0, result = 3 }: Open) {
  const created = result >= 0 && (flags & OpenFlag.create) !== 0;
  return openOf(1, '', {
    result,
    numbers: [BigInt(flags), BigInt(mode), 0n, 0n, 5n, created ? CREATED : 0n],
    strings: [path, encodeWalkedPath('/a/b')],
  });
}

/** Few letters, so that texts of conditions and paths meet. */
const component = () => fc.constantFrom('a', 'b', 'ab', 'aab', '.a', 'a.b', '..', '.', '', 'ä', 'b a');
const path = () =>
  fc
    .tuple(fc.constantFrom('/', '/', '/', ''), fc.array(component(), { minLength: 1, maxLength: 4 }))
    .map(([start, components]) => `${start}${components.join('/')}`);
const text = () =>
  fc.oneof(
    path(),
    component(),
    path().map((whole) => whole.slice(1)),
  );
const quoted = () => text().map((one) => `"${one}"`);
const list = () => fc.array(quoted(), { minLength: 1, maxLength: 3 }).map((items) => `(${items.join(', ')})`);

const FIELDS = ['fd.name', 'fd.nameraw', 'fs.path.name', 'evt.arg.name', 'fd.directory', 'fd.filename'] as const;
const OPERATORS = ['=', '==', '!=', 'startswith', 'endswith', 'contains', 'icontains'] as const;

function condition(): fc.Arbitrary<string> {
  return fc.letrec<{ tree: string }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 3 },
      leaf(),
      junction(tie('tree')),
      tie('tree').map((inner) => `not (${inner})`),
    ),
  })).tree;
}

function junction(tree: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(' and ', ' and ', ' or '), fc.array(tree, { minLength: 2, maxLength: 3 }))
    .map(([word, parts]) => `(${parts.join(word)})`);
}

function leaf(): fc.Arbitrary<string> {
  const field = fc.constantFrom(...FIELDS);
  const operator = fc.constantFrom(...OPERATORS);
  const glob = text().map((one) => `"${one.replace('b', '*').replace('.', '?')}"`);
  const component = fc.constantFrom('/a', 'a/b', '/a/*', '/*/b', '/');
  return fc.oneof(
    fc.tuple(field, operator, quoted()).map((words) => words.join(' ')),
    fc.tuple(field, operator, fc.constantFrom('anyof', 'allof', 'oneof'), list()).map((words) => words.join(' ')),
    fc.tuple(field, fc.constant('in'), list()).map((words) => words.join(' ')),
    fc.tuple(field, fc.constant('glob'), glob).map((words) => words.join(' ')),
    fc.tuple(field, component).map(([name, below]) => `${name} pmatch (${below})`),
    fc.constantFrom(
      ...['read', 'write', 'exec', 'create'].map((kind) => `evt.is_open_${kind} = true`),
      ...['evt.is_open_write = false', 'evt.is_open_read != true', 'evt.is_open_create in (true)'],
      ...['evt.failed = true', 'evt.failed = false', 'fd.num >= 0', 'fd.num < 0', 'fd.num = -1', 'evt.rawres >= 0'],
      ...['fd.typechar = d', 'fd.typechar != f', 'fd.type in (file)', 'fd.typechar in (f, d)'],
      ...['evt.arg.flags contains O_TRUNC', 'evt.arg.flags contains O_CREAT', 'evt.arg.flags contains O_RDONLY'],
      ...['proc.name = opener', 'proc.name != opener', 'fd.name exists', 'container.id = host'],
    ),
  );
}

function opens(): fc.Arbitrary<readonly Open[]> {
  const flags = fc
    .tuple(fc.nat({ max: 3 }), fc.subarray([0o100, 0o1000, 0o200000, 0o20000000, 0o2000000]))
    .map(([access, more]) => more.reduce((sum, flag) => sum | flag, access));
  const open = fc.record({
    path: fc.oneof({ weight: 9, arbitrary: path() }, { weight: 1, arbitrary: bytes() }),
    flags,
    mode: fc.constantFrom(0, 0o644, 0o755),
    result: fc.constantFrom(3, 3, 3, 0, -2, -13),
  });
  return fc.array(open, { minLength: 5, maxLength: 20 });
}

/** No text in any encoding. */
function bytes(): fc.Arbitrary<Buffer> {
  return fc
    .array(fc.constantFrom(0x2f, 0x61, 0x62, 0xc3, 0xe2, 0xff, 0x2e), { maxLength: 8 })
    .map((all) => Buffer.from(all));
}
