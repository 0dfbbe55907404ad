import type { LabSnapshot, NodeSnapshot, Residue } from './types.ts';

/** What of `after` differs from `before`; empty when nothing was left behind. Nodes first, then objects, each by name. */
export function compareSnapshots(before: LabSnapshot, after: LabSnapshot): readonly Residue[] {
  return [...nodeResidue(before.nodes, after.nodes), ...objectResidue(before, after)];
}

function nodeResidue(before: readonly NodeSnapshot[], after: readonly NodeSnapshot[]): readonly Residue[] {
  const names = union(
    before.map(({ node }) => node),
    after.map(({ node }) => node),
  );
  return names.flatMap((node) => {
    const old = before.find((snapshot) => snapshot.node === node);
    const now = after.find((snapshot) => snapshot.node === node);
    if (!old) return [{ kind: 'node', node, table: 'node', line: 'the node itself', change: 'added' }];
    if (!now) return [{ kind: 'node', node, table: 'node', line: 'the node itself', change: 'missing' }];
    return compareNodes(old, now);
  });
}

/** The differences of one node, or of those of its tables that `only` names. */
export function compareNodes(
  before: NodeSnapshot,
  after: Pick<NodeSnapshot, 'tables'>,
  only?: readonly string[],
): readonly Residue[] {
  const tables = union(Object.keys(before.tables), Object.keys(after.tables));
  return tables
    .filter((table) => only?.includes(table) ?? true)
    .flatMap((table) =>
      compareLines(before.tables[table] ?? [], after.tables[table] ?? []).map(({ line, change }): Residue => ({
        kind: 'node',
        node: before.node,
        table,
        line,
        change,
      })),
    );
}

interface LineChange {
  readonly line: string;
  readonly change: 'added' | 'missing';
}

/** As multisets; where only the order differs, the first line that is not where it was, as missing and added. */
function compareLines(before: readonly string[], after: readonly string[]): readonly LineChange[] {
  const changes: readonly LineChange[] = [
    ...surplus(before, after).map((line) => ({ line, change: 'missing' as const })),
    ...surplus(after, before).map((line) => ({ line, change: 'added' as const })),
  ];
  if (changes.length > 0) return changes;
  const moved = before.findIndex((line, index) => after[index] !== line);
  if (moved < 0) return [];
  return [
    { line: `${before[moved] ?? ''} (at its place)`, change: 'missing' },
    { line: `${after[moved] ?? ''} (in that place)`, change: 'added' },
  ];
}

/** Lines that `some` holds more often than `others`. */
function surplus(some: readonly string[], others: readonly string[]): readonly string[] {
  const left = new Map<string, number>();
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1);
  return some.filter((line) => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count <= 0;
  });
}

function objectResidue(before: LabSnapshot, after: LabSnapshot): readonly Residue[] {
  return union(Object.keys(before.objects), Object.keys(after.objects)).flatMap((object): readonly Residue[] => {
    const old = before.objects[object];
    const now = after.objects[object];
    if (old === now) return [];
    if (old === undefined) return [{ kind: 'object', object, change: 'added', detail: '' }];
    if (now === undefined)
      return goesByItself(object, old, after) ? [] : [{ kind: 'object', object, change: 'missing', detail: '' }];
    return [
      {
        kind: 'object',
        object,
        change: 'changed',
        detail: differences('', JSON.parse(old), JSON.parse(now)).join('; '),
      },
    ];
  });
}

/** Bootstrap tokens are removed when they expire, requests for certificates an hour after the answer. */
function goesByItself(object: string, old: string, after: LabSnapshot): boolean {
  if (object.includes('/CertificateSigningRequest/')) return true;
  if (!object.startsWith('v1/Secret/kube-system/bootstrap-token-')) return false;
  const { expires } = JSON.parse(old) as { readonly expires?: string };
  return expires !== undefined && expires !== '' && new Date(expires) <= new Date(after.takenAt);
}

/** `path: old → new` of every field that differs. */
function differences(path: string, old: unknown, now: unknown): readonly string[] {
  if (JSON.stringify(old) === JSON.stringify(now)) return [];
  if (!isBranch(old) || !isBranch(now) || Array.isArray(old) !== Array.isArray(now)) {
    return [`${path === '' ? '.' : path}: ${short(old)} → ${short(now)}`];
  }
  const [oldFields, nowFields] = [Object.entries(old), Object.entries(now)].map(
    (entries) => new Map<string, unknown>(entries),
  );
  return union([...(oldFields?.keys() ?? [])], [...(nowFields?.keys() ?? [])]).flatMap((key) =>
    differences(`${path}.${key}`, oldFields?.get(key), nowFields?.get(key)),
  );
}

function isBranch(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function short(value: unknown): string {
  const text = value === undefined ? 'absent' : JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}

function union(some: readonly string[], others: readonly string[]): readonly string[] {
  return [...new Set([...some, ...others])].sort();
}
