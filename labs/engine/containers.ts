import { z } from 'zod';
import type { Runner, RunOptions } from '../../core/index.ts';
import { ENGINE } from './facts.ts';

/** One container as `docker inspect` shows it. */
export interface Container {
  readonly name: string;
  readonly state: 'running' | 'paused' | 'stopped';
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The network that it was made for; still there when the network is not. */
  readonly network: string;
  readonly ipv4: string;
  readonly ipv6: string;
  /** Container port of TCP → port on the host, where published. */
  readonly ports: Readonly<Record<string, number>>;
}

const PortBinding = z.object({ HostPort: z.string() });
const Inspected = z.object({
  Name: z.string(),
  State: z.object({ Running: z.boolean(), Paused: z.boolean() }),
  Config: z.object({ Image: z.string(), Labels: z.record(z.string(), z.string()).nullish() }),
  HostConfig: z.object({ NetworkMode: z.string() }),
  NetworkSettings: z.object({
    Ports: z.record(z.string(), z.array(PortBinding).nullable()).nullish(),
    Networks: z.record(z.string(), z.object({ IPAddress: z.string(), GlobalIPv6Address: z.string() })).nullish(),
  }),
});
type Inspected = z.infer<typeof Inspected>;

/** All containers, running or not, with the label (`key` or `key=value`), sorted by name. */
export async function containersWithLabel(
  runner: Runner,
  label: string,
  options: RunOptions = {},
): Promise<readonly Container[]> {
  const args = ['ps', '--all', '--quiet', '--no-trunc', '--filter', `label=${label}`];
  const { stdout } = await runner.run(ENGINE, args, options);
  const ids = stdout.split('\n').filter((line) => line !== '');
  if (ids.length === 0) return [];
  const containers = await inspect(runner, ids, options);
  return [...containers].sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}

/** Removes containers with their volumes, in any state; those that are gone already are fine. */
export async function removeContainers(runner: Runner, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  await runner.run(ENGINE, ['rm', '--force', '--volumes', ...names], { timeoutMs: 120_000 });
}

/** Wakes paused containers. */
export async function unpauseContainers(runner: Runner, names: readonly string[]): Promise<void> {
  if (names.length > 0) await runner.run(ENGINE, ['unpause', ...names], { timeoutMs: 60_000 });
}

/** Freezes running containers: they keep their memory and take no processor time. */
export async function pauseContainers(runner: Runner, names: readonly string[]): Promise<void> {
  if (names.length > 0) await runner.run(ENGINE, ['pause', ...names], { timeoutMs: 60_000 });
}

/** Stops all, then starts them one after the other in the order given. */
export async function restartInOrder(runner: Runner, names: readonly string[]): Promise<void> {
  await runner.run(ENGINE, ['stop', '--time', '20', ...names], { timeoutMs: 180_000 });
  for (const name of names) await runner.run(ENGINE, ['start', name], { timeoutMs: 60_000 });
}

/** A container may vanish between listing and looking: then the exit code is 1, and the others are still shown. */
async function inspect(runner: Runner, ids: readonly string[], options: RunOptions): Promise<readonly Container[]> {
  const args = ['inspect', '--type', 'container', ...ids];
  const { stdout } = await runner.run(ENGINE, args, { ...options, okExitCodes: [0, 1] });
  return z
    .array(Inspected)
    .parse(JSON.parse(stdout.trim() === '' ? '[]' : stdout))
    .map(containerOf);
}

function containerOf({ Name, State, Config, HostConfig, NetworkSettings }: Inspected): Container {
  const attached = NetworkSettings.Networks?.[HostConfig.NetworkMode];
  return {
    name: Name.replace(/^\//, ''),
    state: State.Paused ? 'paused' : State.Running ? 'running' : 'stopped',
    image: Config.Image,
    labels: Config.Labels ?? {},
    network: HostConfig.NetworkMode,
    ipv4: attached?.IPAddress ?? '',
    ipv6: attached?.GlobalIPv6Address ?? '',
    ports: portsOf(NetworkSettings.Ports ?? {}),
  };
}

function portsOf(bindings: NonNullable<Inspected['NetworkSettings']['Ports']>): Readonly<Record<string, number>> {
  const published = Object.entries(bindings).flatMap(([port, hosts]) => {
    const hostPort = hosts?.[0]?.HostPort;
    return port.endsWith('/tcp') && hostPort !== undefined
      ? [[port.replace('/tcp', ''), Number(hostPort)] as const]
      : [];
  });
  return Object.fromEntries(published);
}
