import type { MatrixCell, RequirementName, RequirementVerdict } from './types.ts';

/** Which cells a requirement is about, and which of them break it. */
interface Rule {
  readonly covers: (cell: MatrixCell) => boolean;
  readonly isBroken: (cell: MatrixCell) => boolean;
}

const plain = (name: RequirementName): Rule => ({
  covers: ({ requirement }) => requirement === name,
  isBroken: ({ ok }) => !ok,
});

/** Whether they can talk is one question, under which address they are seen another, which is R3's. */
const talks = (cell: MatrixCell): boolean => cell.ok || cell.error === 'wrong-source';

/** Cluster names, looked up and used. */
const NAME_ROWS: readonly string[] = ['M12', 'M12-name'];

const RULES: Readonly<Record<RequirementName, Rule>> = {
  // Every Service and pod can talk to every other, by address and by cluster name.
  R1: {
    covers: ({ requirement, row }) => requirement === 'R1' || NAME_ROWS.includes(row),
    isBroken: (cell) => !talks(cell),
  },
  // Every node can talk to every node, and to every pod and Service.
  R2: { covers: ({ requirement }) => requirement === 'R2', isBroken: (cell) => !talks(cell) },
  // Addresses are global: a pod's own is the one that others see. Covers each cell that saw a source.
  R3: {
    covers: ({ requirement, expectedSource, observedSource }) =>
      requirement === 'R3' || (expectedSource !== undefined && observedSource !== undefined),
    isBroken: ({ requirement, ok, error }) => (requirement === 'R3' ? !ok : error === 'wrong-source'),
  },
  ingress: plain('ingress'),
  dns: plain('dns'),
  egress: plain('egress'),
  policy: plain('policy'),
  negatives: plain('negatives'),
};

/** The verdicts over a matrix. A requirement of which every cell was skipped is left out: it is neither kept nor broken. */
export function judgeRequirements(
  cells: readonly MatrixCell[],
): Readonly<Partial<Record<RequirementName, RequirementVerdict>>> {
  const verdicts = (Object.keys(RULES) as RequirementName[]).map((name) => {
    const { covered, broken } = cellsOf(name, cells);
    return [name, { ok: broken.length === 0, cells: covered.length, failed: broken.map(failedCell) }] as const;
  });
  return Object.fromEntries(verdicts.filter(([, { cells: count }]) => count > 0));
}

/** The cells that a requirement is about, and those of them that break it; skipped ones are in neither list. */
export function cellsOf(
  name: RequirementName,
  cells: readonly MatrixCell[],
): { readonly covered: readonly MatrixCell[]; readonly broken: readonly MatrixCell[] } {
  const { covers, isBroken } = RULES[name];
  const covered = cells.filter((cell) => cell.skipped === undefined && covers(cell));
  return { covered, broken: covered.filter(isBroken) };
}

function failedCell({ from, to, path, protocol, error, detail }: MatrixCell): string {
  return `${from} → ${to} (${path}, ${protocol}): ${error ?? 'failed'}${detail === undefined ? '' : `, ${detail}`}`;
}
