import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../core/index.ts';
import { parseRuleset } from '../../network/rules/nft/ruleset.ts';
import { tablesFrom } from '../../network/rules/nft/translate.ts';
import { parseSave, type RuleTable } from '../../network/rules/save-format.ts';
import {
  servicePorts,
  type ServiceObject,
  type ServicePort,
  type SliceObject,
} from '../../network/rules/service-ports.ts';
import type { IngressObject } from '../../network/trace/facts.ts';

// A worker of a healthy lab, as its own iptables-save and API server told it (kube-proxy 1.35.4, iptables mode, flannel).
export const RECORDED_NODE = 'e2e-worker';
export const RECORDED_ADDRESSES = ['127.0.0.1', '172.20.0.3', '10.244.2.1'];
export const CLUSTER_CIDRS = ['10.244.0.0/16'];

interface RecordedObjects {
  readonly services: readonly ServiceObject[];
  readonly slices: readonly SliceObject[];
  readonly ingresses: readonly IngressObject[];
}

export function recordedObjects(): RecordedObjects {
  return JSON.parse(fixture('lab-objects.json')) as RecordedObjects;
}

export function recordedPorts(): readonly ServicePort[] {
  const { services, slices } = recordedObjects();
  return servicePorts(services, slices, 'ipv4');
}

export function recordedPort(name: string, protocol: 'tcp' | 'udp' = 'tcp'): ServicePort {
  const port = recordedPorts().find((one) => one.name === name && one.protocol === protocol);
  if (port === undefined) throw new Error(`nothing recorded of ${name}`);
  return port;
}

/** The node's rules; `change` edits the text of iptables-save, and must really change it. */
export function recordedTables(change: (text: string) => string = (text) => `${text}\n`): readonly RuleTable[] {
  const text = fixture('lab-worker.rules');
  const changed = change(text);
  if (changed === text) throw new Error('the change found nothing to change');
  return parseSave(changed);
}

/**
 * What kube-proxy 1.35.4 in nftables mode writes on the same node for the same Services: itself, in a network namespace, told them by an
 * API server that knew nothing else. `change` edits the text of `nft -j list table`, and must really change it.
 */
export function recordedNftTables(change: (text: string) => string = (text) => `${text}\n`): readonly RuleTable[] {
  const text = JSON.stringify(JSON.parse(fixture('lab-worker.nft.json')));
  const changed = change(text);
  if (changed === text) throw new Error('the change found nothing to change');
  return tablesFrom(parseRuleset(changed));
}

/** Without the lines that the pattern matches. */
export function without(pattern: RegExp): (text: string) => string {
  return (text) =>
    text
      .split('\n')
      .filter((line) => !pattern.test(line))
      .join('\n');
}

function fixture(name: string): string {
  return readFileSync(join(packageRoot(), 'test', 'fixtures', 'network', name), 'utf8');
}
