import type { Material } from './material.ts';

/** One row of the table: cases of one kind. */
export interface Suite {
  readonly name: string;
  /** How many of how many cases pass: neither may fall. */
  readonly passes: number;
  readonly of: number;
  /** Cases that cannot be had, by the beginning of their names, each with its reason. */
  readonly exempt: Readonly<Record<string, string>>;
  run(material: Material): readonly Case[];
  /** Figures to print below the row. */
  remark?(material: Material): readonly string[];
}

export interface Case {
  readonly name: string;
  /** What went wrong; undefined for a case that passes. */
  readonly problem?: string | undefined;
}

/** Why a case cannot be had; undefined for all others. */
export function exemption(suite: Suite, { name }: Case): string | undefined {
  return Object.entries(suite.exempt).find(([start]) => name.startsWith(start))?.[1];
}

/** A case that compares an answer with the right one. */
export function compared(name: string, actual: unknown, expected: unknown): Case {
  const [left, right] = [printed(actual), printed(expected)];
  return left === right ? { name } : { name, problem: `is ${left}, and should be ${right}` };
}

function printed(value: unknown): string {
  return JSON.stringify([value], (_key, item: unknown) => (typeof item === 'bigint' ? String(item) : item));
}
