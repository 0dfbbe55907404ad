import type { Paths, Reporter, Runner } from '../../../core/index.ts';
import type { Architecture } from '../architecture.ts';
import type { KubernetesRelease } from '../versions.ts';

export interface NodeImageRequest {
  readonly runner: Runner;
  readonly paths: Paths;
  readonly reporter: Reporter;
  readonly signal?: AbortSignal;
  readonly release: KubernetesRelease;
  readonly arch: Architecture;
  /** An image of the user's choice, which has to be in the engine. */
  readonly nodeImage?: string;
  /** File written by `saveBundle`. */
  readonly bundle?: string;
}

export interface ObtainedImage {
  readonly kind: 'obtained';
  /** Name by which the engine has the image. */
  readonly reference: string;
}

export interface NotAvailable {
  readonly kind: 'notAvailable';
  /** Why, as it should read after the source's name. */
  readonly reason: string;
}

/** One way to get a node image. Throws only for what the user has to put right, e.g. a named image that is not there. */
export interface NodeImageSource {
  /** For people, e.g. `the container engine`. */
  readonly name: string;
  readonly obtain: (request: NodeImageRequest) => Promise<ObtainedImage | NotAvailable>;
}

export function obtained(reference: string): ObtainedImage {
  return { kind: 'obtained', reference };
}

export function notAvailable(reason: string): NotAvailable {
  return { kind: 'notAvailable', reason };
}
