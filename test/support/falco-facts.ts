import { join } from 'node:path';
import { packageRoot } from '../../core/index.ts';

/** Where facts about Falco lie, which are no part of the project; it need not be there. */
export function falcoFactsFolder(): string {
  return process.env['KUBEDRILL_FALCO_COMPAT'] ?? join(packageRoot(), '..', 'shared', 'falco-compat');
}
