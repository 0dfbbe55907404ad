import { usageError } from '../../core/index.ts';

/** Processor architectures of node images, by Go's names. */
export type Architecture = 'amd64' | 'arm64';

const OF_NODE: Readonly<Record<string, Architecture>> = { x64: 'amd64', arm64: 'arm64' };

/** The architecture to obtain images for: GOARCH where it is set, else the host's (`process.arch`). */
export function architectureFrom(env: Readonly<Record<string, string | undefined>>, processArch: string): Architecture {
  const wanted = env['GOARCH'] ?? OF_NODE[processArch] ?? processArch;
  if (wanted === 'amd64' || wanted === 'arm64') return wanted;
  throw usageError({
    what: `no node image for the architecture ${wanted}`,
    why: 'node images are made for amd64 and arm64',
    hint: 'set GOARCH=amd64 or GOARCH=arm64',
  });
}

/** What a binary of the architecture says in its ELF header (e_machine). */
export const ELF_MACHINE: Readonly<Record<Architecture, number>> = { amd64: 62, arm64: 183 };
