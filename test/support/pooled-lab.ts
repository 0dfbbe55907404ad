import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { requireEngine } from '../../labs/engine/require.ts';
import { madeFromNow } from '../../labs/pool/made-from.ts';
import type { FakeEngine } from './fake-engine.ts';
import { labRecord } from './lab-record.ts';

/** Plants a lab as `kubedrill pool` leaves it: its machines paused, its files in the pool's folder. */
export async function plantPrepared(
  engine: FakeEngine,
  cluster: string,
  { madeFrom }: { readonly madeFrom?: string } = {},
): Promise<void> {
  const nodes = ['control-plane', 'worker', 'worker2'];
  const addresses = Object.fromEntries(
    [...nodes, 'keeper'].map((name, index) => [`${cluster}-${name}`, `172.30.0.${String(index + 2)}`]),
  );
  const record = labRecord({ name: cluster, addresses });
  const network = record.network.name;
  engine.plant('networks', { Name: network, Labels: { 'kubedrill.dev/lab': cluster } });
  for (const [name, address] of Object.entries(addresses)) {
    const role = name.includes('worker') ? 'worker' : 'control-plane';
    engine.plant('containers', {
      Name: name,
      State: { Running: true, Paused: true },
      Config: {
        Image: 'image',
        Labels: name.endsWith('-keeper')
          ? { 'kubedrill.dev/lab': cluster }
          : { 'io.x-k8s.kind.cluster': cluster, 'io.x-k8s.kind.role': role },
      },
      HostConfig: { NetworkMode: network },
      NetworkSettings: {
        Ports: role === 'control-plane' ? { '6443/tcp': [{ HostPort: '1' }] } : {},
        Networks: { [network]: { IPAddress: address, GlobalIPv6Address: '' } },
      },
    });
  }
  const folder = join(engine.deps.paths.state, '.pool', cluster);
  mkdirSync(join(folder, 'control-plane'), { recursive: true });
  writeFileSync(join(folder, 'control-plane', 'policy.yaml'), '');
  writeFileSync(join(folder, 'fresh.json'), '{}');
  writeFileSync(join(folder, 'lab.json'), JSON.stringify(record));
  writeFileSync(join(folder, 'kubeconfig'), 'clusters:\n- name: c\n  cluster:\n    server: https://127.0.0.1:1\n');
  const made = madeFrom ?? (await madeFromNow(engine.deps, record, await requireEngine(engine.deps)));
  const note = { apiVersion: 'kubedrill/v1', preparedAt: '2026-01-01T00:00:00.000Z', madeFrom: made };
  writeFileSync(join(folder, 'prepared.json'), JSON.stringify(note));
}
