import { compileGlob, hasWildcard } from './glob.ts';

/** A place in the tree of paths that are looked for. */
interface Branch {
  /** A path that is looked for ends here: everything below matches. */
  isEnd: boolean;
  readonly named: Map<string, Branch>;
  readonly patterns: {
    readonly pattern: string;
    readonly matches: (name: string) => boolean;
    readonly branch: Branch;
  }[];
}

/**
 * Tests whether one of the given paths is the text or a directory above it, component by component: `/var/run` finds
 * `/var/run/x` and not `/var/runx`. A component may be a pattern, which then stands for one component.
 */
export function compilePathPrefixes(paths: readonly string[]): (path: string) => boolean {
  const root = newBranch();
  for (const path of paths) add(root, components(path));
  return paths.length === 0 ? () => false : (path) => finds(root, components(path), 0);
}

function newBranch(): Branch {
  return { isEnd: false, named: new Map(), patterns: [] };
}

function components(path: string): readonly string[] {
  return path.split('/').filter((component) => component !== '');
}

function add(root: Branch, path: readonly string[]): void {
  let branch = root;
  for (const component of path) branch = childOf(branch, component);
  branch.isEnd = true;
}

function childOf(branch: Branch, component: string): Branch {
  if (hasWildcard(component)) {
    const known = branch.patterns.find(({ pattern }) => pattern === component);
    if (known !== undefined) return known.branch;
    const child = newBranch();
    branch.patterns.push({ pattern: component, matches: compileGlob(component), branch: child });
    return child;
  }
  const known = branch.named.get(component);
  if (known !== undefined) return known;
  const child = newBranch();
  branch.named.set(component, child);
  return child;
}

function finds(branch: Branch, path: readonly string[], depth: number): boolean {
  if (branch.isEnd) return true;
  const component = path[depth];
  if (component === undefined) return false;
  const named = branch.named.get(component);
  if (named !== undefined && finds(named, path, depth + 1)) return true;
  return branch.patterns.some((child) => child.matches(component) && finds(child.branch, path, depth + 1));
}
