import { engineGap } from './engine.ts';
import { E2E_LAB } from './e2e-lab.ts';
import { kubedrill } from './kubedrill.ts';

/** jest's globalSetup of the e2e tier. */
export default async function setUp(): Promise<void> {
  if ((await engineGap()) !== undefined) return;
  const { exitCode, stderr } = await kubedrill(['up', '--name', E2E_LAB], { timeoutMs: 3_600_000 });
  process.stderr.write(stderr);
  if (exitCode !== 0) throw new Error(`the lab for the e2e tests did not come up:\n${stderr}`);
}
