import { execFileSync } from 'node:child_process';

/** Why network namespaces cannot be used here; undefined when they can. */
export function noNetworkNamespaces(programs: readonly string[]): string | undefined {
  if (process.platform !== 'linux') return 'needs Linux';
  if (process.getuid?.() !== 0) return 'needs root';
  for (const program of ['ip', ...programs]) {
    try {
      execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' });
    } catch {
      return `needs the program ${program}`;
    }
  }
  return tryOne();
}

/** `describe`, or a skipped one whose title says why. */
export function describeUnless(reason: string | undefined, title: string, body: () => void): void {
  if (reason === undefined) describe(title, body);
  else describe.skip(`${title} (skipped: ${reason})`, body);
}

/** A namespace of its own for one test file; its name starts with `kd-test-`. */
export function networkNamespace(purpose: string): {
  readonly name: string;
  sh(script: string): string;
  remove(): void;
} {
  const name = `kd-test-${purpose}-${String(process.pid)}`;
  execFileSync('ip', ['netns', 'add', name]);
  const sh = (script: string): string =>
    execFileSync('ip', ['netns', 'exec', name, 'sh', '-c', script], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  sh('ip link set lo up');
  return { name, sh, remove: () => void execFileSync('ip', ['netns', 'del', name]) };
}

function tryOne(): string | undefined {
  try {
    networkNamespace('try').remove();
    return undefined;
  } catch (error) {
    return `network namespaces cannot be made: ${error instanceof Error ? error.message : String(error)}`;
  }
}
