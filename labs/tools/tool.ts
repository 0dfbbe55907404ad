import { RunError, type Paths, type Reporter, type Runner } from '../../core/index.ts';

export interface ToolDeps {
  readonly runner: Runner;
  readonly paths: Paths;
  readonly reporter: Reporter;
}

/** A program that labs use, and where it is. */
export interface Tool {
  /** An absolute path, or the bare name of a program on the PATH. */
  readonly path: string;
  /** Without a leading v. */
  readonly version: string;
}

/** Asks a program for its version; undefined when it is not there or its answer holds none. */
export async function versionOf(path: string, args: readonly string[], runner: Runner): Promise<string | undefined> {
  try {
    const { stdout } = await runner.run(path, args, { timeoutMs: 20_000 });
    return /(\d+\.\d+(?:\.\d+)?)/.exec(stdout)?.[1];
  } catch (error) {
    if (error instanceof RunError && !error.facts.canceled) return undefined;
    throw error;
  }
}

/** Whether a version (numbers and dots) is at least another. */
export function isAtLeast(version: string, least: string): boolean {
  const have = version.split('.').map(Number);
  const wanted = least.split('.').map(Number);
  for (const [index, number] of wanted.entries()) {
    const own = have[index] ?? 0;
    if (own !== number) return own > number;
  }
  return true;
}
