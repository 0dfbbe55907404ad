import { z } from 'zod';
import { RunError, messageOf, type Runner } from '../../core/index.ts';

/** What kubedrill has to know of a container engine that answers. */
export interface EngineFacts {
  readonly serverVersion: string;
  readonly cgroupVersion: 1 | 2;
  readonly operatingSystem: string;
  /** Docker's word for it, e.g. `x86_64` or `aarch64`. */
  readonly architecture: string;
  readonly rootFolder: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  /** `vm`: the engine runs in a virtual machine of its own, so that this host's /proc says nothing about it. */
  readonly place: 'host' | 'vm';
}

export type EngineState =
  | { readonly kind: 'ready'; readonly facts: EngineFacts }
  /** The client is there, nothing answers it. */
  | { readonly kind: 'stopped'; readonly why: string }
  | { readonly kind: 'missing'; readonly why: string }
  /** An engine that labs cannot run on, or that this user may not use; `hint` is what the user can do. */
  | { readonly kind: 'refused'; readonly why: string; readonly hint: string };

/** Asking for the socket of an engine without being in its group. */
const FORBIDDEN = /permission denied/i;
const USE_ROOTFUL = 'use a rootful Docker Engine (point DOCKER_HOST or the docker context at it)';

/** The command line of the engine. */
export const ENGINE = 'docker';

const Info = z.object({
  ServerVersion: z.string().optional(),
  ServerErrors: z.array(z.string()).nullish(),
  CgroupVersion: z.string().optional(),
  OperatingSystem: z.string().optional(),
  Architecture: z.string().optional(),
  DockerRootDir: z.string().optional(),
  NCPU: z.number().optional(),
  MemTotal: z.number().optional(),
  SecurityOptions: z.array(z.string()).nullish(),
});
type Info = z.infer<typeof Info>;

/** Asks the engine what it is. Never fails: an engine that does not answer, or is not usable, is an answer. */
export async function engineState(runner: Runner, signal?: AbortSignal): Promise<EngineState> {
  const options = { timeoutMs: 20_000, ...(signal === undefined ? {} : { signal }) };
  try {
    const { stdout } = await runner.run(ENGINE, ['info', '--format', '{{json .}}'], {
      ...options,
      okExitCodes: [0, 1],
    });
    return stateOf(stdout);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof RunError && error.facts.notFound) return { kind: 'missing', why: `no ${ENGINE} on the PATH` };
    return { kind: 'stopped', why: messageOf(error) };
  }
}

/** The state that one answer of `docker info --format '{{json .}}'` means. */
export function stateOf(text: string): EngineState {
  if (isPodman(text)) {
    return {
      kind: 'refused',
      why: 'it is podman under the name docker; labs need Docker Engine for now',
      hint: USE_ROOTFUL,
    };
  }
  const info = parsed(text);
  if (info === undefined) return { kind: 'stopped', why: text.trim() === '' ? 'it does not answer' : text.trim() };
  const errors = info.ServerErrors ?? [];
  const forbidden = errors.find((error) => FORBIDDEN.test(error));
  if (forbidden !== undefined) {
    return { kind: 'refused', why: forbidden, hint: 'sudo usermod -aG docker "$USER", then log in again' };
  }
  if (errors.length > 0 || !info.ServerVersion) {
    return { kind: 'stopped', why: errors[0] ?? 'the client is there, the server does not answer' };
  }
  if (info.SecurityOptions?.some((option) => option.includes('rootless'))) {
    return {
      kind: 'refused',
      why: 'it is rootless; the sensor and the nodes need privileged containers of a rootful engine',
      hint: USE_ROOTFUL,
    };
  }
  return { kind: 'ready', facts: factsOf(info) };
}

/** podman's own info is another document; with `{{json .}}` it still carries these keys. */
function isPodman(text: string): boolean {
  return /"buildahVersion"|"BuildahVersion"|podman version/i.test(text);
}

function parsed(text: string): Info | undefined {
  try {
    return Info.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function factsOf(info: Info): EngineFacts {
  const operatingSystem = info.OperatingSystem ?? 'unknown';
  return {
    serverVersion: info.ServerVersion ?? 'unknown',
    cgroupVersion: info.CgroupVersion === '1' ? 1 : 2,
    operatingSystem,
    architecture: info.Architecture ?? 'unknown',
    rootFolder: info.DockerRootDir ?? '/var/lib/docker',
    cpus: info.NCPU ?? 0,
    memoryBytes: info.MemTotal ?? 0,
    place: /docker desktop|colima|orbstack/i.test(operatingSystem) || process.platform !== 'linux' ? 'vm' : 'host',
  };
}
