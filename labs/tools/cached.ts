import { join } from 'node:path';
import type { Paths } from '../../core/index.ts';

/** Where a tool of a version is kept once it has been obtained. */
export function cachedTool(name: 'kind' | 'kubectl', version: string, paths: Paths): string {
  return join(paths.cache, 'tools', `${name}-v${version}`, name);
}
