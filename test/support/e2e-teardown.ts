import { engineGap } from './engine.ts';
import { E2E_LAB } from './e2e-lab.ts';
import { kubedrill } from './kubedrill.ts';

/** jest's globalTeardown of the e2e tier; KUBEDRILL_KEEP=1 leaves the lab for a look. */
export default async function tearDown(): Promise<void> {
  if (process.env['KUBEDRILL_KEEP'] === '1' || (await engineGap()) !== undefined) return;
  await kubedrill(['down', '--name', E2E_LAB]);
}
