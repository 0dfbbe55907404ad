import { KubedrillError } from '../../../core/index.ts';
import { controlPlaneOf } from '../../cluster/nodes.ts';
import { isReady, type Pod } from '../../cluster/objects.ts';
import { podsWith } from '../../cluster/pods.ts';
import type { RunEnvironment } from '../../ports.ts';
import { BOOK, NAMESPACE } from './parts.ts';
import { BOOK_PORT } from './programs.ts';

/** One pod that wrote in a role. */
export interface Writer {
  readonly role: string;
  readonly pod: string;
  readonly uid: string;
  /** On the book's own clock. */
  readonly firstMs: number;
  readonly lastMs: number;
  readonly orders: number;
}

export interface Book {
  readonly nowMs: number;
  readonly writers: readonly Writer[];
}

/** What a writer's last order and another's first one may be apart without both having been there at once. */
const AT_ONCE_MS = 1_000;

/** What the order book holds, asked from a machine that nobody cut off. Fails when it does not answer. */
export async function readBook(env: RunEnvironment): Promise<Book> {
  const pod = await bookPod(env);
  const url = `http://${pod?.status?.podIP ?? 'nobody'}:${String(BOOK_PORT)}/`;
  const argv = ['curl', '--silent', '--fail', '--max-time', '2', url];
  const { stdout, exitCode } = await controlPlaneOf(env.session).exec(argv, { okExitCodes: NO_ANSWER });
  if (exitCode === 0) return JSON.parse(stdout) as Book;
  throw new KubedrillError({
    what: 'the order book does not answer',
    why: pod === undefined ? 'no pod of the Deployment book is ready' : `${url}: curl ended with ${String(exitCode)}`,
    hint: 'kubectl -n shop get pods -l app=book',
  });
}

/** Exit codes of curl: 0, no address, refused, an error's status, timed out, empty answer, reset. */
const NO_ANSWER = [0, 6, 7, 22, 28, 52, 56];

export async function bookPod({ session }: RunEnvironment): Promise<Pod | undefined> {
  return (await podsWith(session.kube, NAMESPACE, { app: BOOK })).find(isReady);
}

/** Who wrote in this role in the last `withinMs`. */
export function writing({ nowMs, writers }: Book, role: string, withinMs: number): readonly Writer[] {
  return writers.filter((writer) => writer.role === role && nowMs - writer.lastMs <= withinMs);
}

/** Pairs of pods that wrote in the same role at the same time, at any time since the book was opened. */
export function atOnce({ writers }: Book, role: string): readonly (readonly [Writer, Writer])[] {
  const ofRole = writers.filter((writer) => writer.role === role).sort((a, b) => a.firstMs - b.firstMs);
  return ofRole.flatMap((first, index) =>
    ofRole
      .slice(index + 1)
      .filter((second) => Math.min(first.lastMs, second.lastMs) - second.firstMs > AT_ONCE_MS)
      .map((second) => [first, second] as const),
  );
}
