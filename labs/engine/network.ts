import { z } from 'zod';
import { KubedrillError, RunError, type Clock, type Runner } from '../../core/index.ts';
import { LAB_LABEL, bridgeName, ipv6Subnet, networkName } from '../names.ts';
import { containersWithLabel } from './containers.ts';
import { ENGINE } from './facts.ts';

export interface LabNetwork {
  readonly name: string;
  /** Its bridge device on the engine's host. */
  readonly bridge: string;
}

const SUBNET_ATTEMPTS = 4;
const REMOVE_ATTEMPTS = 20;

/**
 * Creates the lab's own bridge network, IPv4 and IPv6, labelled. Fails when there is a network of that name without the label:
 * it is somebody else's.
 */
export async function createNetwork(runner: Runner, lab: string): Promise<LabNetwork> {
  for (let attempt = 0; ; attempt++) {
    try {
      await runner.run(ENGINE, createArgs(lab, attempt), { timeoutMs: 30_000 });
      return { name: networkName(lab), bridge: bridgeName(lab) };
    } catch (error) {
      if (attempt + 1 >= SUBNET_ATTEMPTS || !isOverlap(error)) throw failed(lab, error);
    }
  }
}

/** The networks that carry kubedrill's label, as lab names. */
export async function labsWithNetwork(runner: Runner): Promise<readonly string[]> {
  const args = ['network', 'ls', '--filter', `label=${LAB_LABEL}`, '--format', `{{.Label "${LAB_LABEL}"}}`];
  const { stdout } = await runner.run(ENGINE, args, { timeoutMs: 30_000 });
  return stdout.split('\n').filter((line) => line !== '');
}

/** Whether a network of the lab's name exists, and is kubedrill's. */
export async function networkOwner(runner: Runner, lab: string): Promise<'ours' | 'foreign' | 'none'> {
  const args = ['network', 'inspect', networkName(lab)];
  const { stdout, exitCode } = await runner.run(ENGINE, args, { timeoutMs: 30_000, okExitCodes: [0, 1] });
  if (exitCode === 1) return 'none';
  const [network] = z.array(z.object({ Labels: z.record(z.string(), z.string()).nullish() })).parse(JSON.parse(stdout));
  return network?.Labels?.[LAB_LABEL] === lab ? 'ours' : 'foreign';
}

/**
 * Removes the lab's network. `clear` is called before each try and removes the containers on it: a cancelled `docker run` may still be
 * bringing one up. Answers whether there was a network.
 */
export async function removeNetwork(
  runner: Runner,
  clock: Clock,
  lab: string,
  clear: () => Promise<unknown>,
): Promise<boolean> {
  if ((await networkOwner(runner, lab)) !== 'ours') return false;
  for (let attempt = 1; ; attempt++) {
    await clear();
    try {
      await runner.run(ENGINE, ['network', 'rm', networkName(lab)], { timeoutMs: 30_000 });
      return true;
    } catch (error) {
      if ((await networkOwner(runner, lab)) === 'none') return true;
      if (attempt >= REMOVE_ATTEMPTS) throw error;
      await clock.sleep(500);
    }
  }
}

/** Containers with the lab's own label: the keeper, and what add-ons start beside it. */
export async function ownContainers(runner: Runner, lab: string): ReturnType<typeof containersWithLabel> {
  return containersWithLabel(runner, `${LAB_LABEL}=${lab}`, { timeoutMs: 30_000 });
}

function createArgs(lab: string, attempt: number): readonly string[] {
  return [
    'network',
    'create',
    '--driver=bridge',
    `--label=${LAB_LABEL}=${lab}`,
    `--opt=com.docker.network.bridge.name=${bridgeName(lab)}`,
    '--ipv6',
    `--subnet=${ipv6Subnet(lab, attempt)}`,
    networkName(lab),
  ];
}

function isOverlap(error: unknown): boolean {
  return error instanceof RunError && /overlaps with other one/i.test(error.facts.stderr);
}

function failed(lab: string, error: unknown): unknown {
  if (!(error instanceof RunError)) return error;
  return new KubedrillError({
    what: `the network ${networkName(lab)} could not be made`,
    why: error.facts.stderr.trim() || error.why,
    hint: error.hint,
    cause: error,
  });
}
