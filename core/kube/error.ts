import { KubedrillError } from '../errors.ts';

/** An API server that refused, or did not answer (`status` undefined). */
export class KubeError extends KubedrillError {
  readonly status: number | undefined;

  constructor(parts: {
    readonly what: string;
    readonly why: string;
    readonly status: number | undefined;
    readonly cause?: unknown;
  }) {
    super({
      what: parts.what,
      why: parts.why,
      hint: parts.status === undefined ? 'kubedrill status (is the API server up?)' : 'kubedrill status',
      cause: parts.cause,
    });
    this.status = parts.status;
  }
}
