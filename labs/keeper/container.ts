import type { Runner } from '../../core/index.ts';
import { OUTSIDE_PROBER_COMMAND } from '../../network/index.ts';
import { ENGINE } from '../engine/facts.ts';
import { LAB_LABEL, keeperName, networkName } from '../names.ts';

const PROGRAM = '/opt/kubedrill/keeper.js';

/** Starts the lab's keeper on the lab's network. It comes back with the engine, like kind's own nodes. */
export async function startKeeper(
  runner: Runner,
  { lab, image, signal }: { readonly lab: string; readonly image: string; readonly signal?: AbortSignal },
): Promise<void> {
  const name = keeperName(lab);
  // The outside prober is started by the keeper itself, with the keeper's own node.
  const prober = OUTSIDE_PROBER_COMMAND.slice(1);
  const args = [
    'run',
    '--detach',
    '--pull=never',
    `--name=${name}`,
    `--hostname=${name}`,
    `--network=${networkName(lab)}`,
    `--label=${LAB_LABEL}=${lab}`,
    '--restart=on-failure:3',
    '--entrypoint=node',
    image,
    PROGRAM,
    ...prober,
  ];
  await runner.run(ENGINE, args, { timeoutMs: 60_000, ...(signal === undefined ? {} : { signal }) });
}
