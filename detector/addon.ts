import {
  messageOf,
  type Addon,
  type AddonContext,
  type AddonProbe,
  type CheckResult,
  type KubeObject,
  type NodeHandle,
} from '../core/index.ts';
import { accessObjects } from './addon/access.ts';
import { webhookSecret, type AuditSources } from './addon/audit-webhook.ts';
import { CONFIG_CONFIG_MAP, daemonSet, RULES_CONFIG_MAP } from './addon/daemon-set.ts';
import { INITIAL_CONFIG } from './addon/initial-config.ts';
import { ownRules } from './addon/own-rules.ts';
import { CHANNEL_SOCKET, CONFIG_FILE, NAMESPACE } from './addon/paths.ts';
import { rulesHash } from './app/rules-hash.ts';

const HEALTH_TIMEOUT_MS = 3_000;

/**
 * The detector on every node; ready when each engine has a sensor, the node's processes and pods, and audit events where there is an API
 * server. These come by the log unless told otherwise.
 */
export function addon(audit: AuditSources = { log: 'followed' }): Addon {
  return {
    name: 'detector',
    programs: [{ name: 'detector', entry: 'detector/app/main.ts' }],
    manifests: (context) => manifests(context, audit),
    ready,
  };
}

function manifests(context: AddonContext, audit: AuditSources): readonly KubeObject[] {
  const rules = ownRules();
  return [
    ...accessObjects(),
    configMap(RULES_CONFIG_MAP, Object.fromEntries(rules.map(({ name, content }) => [name, content]))),
    configMap(CONFIG_CONFIG_MAP, { [CONFIG_FILE]: INITIAL_CONFIG }),
    ...(audit.webhook === undefined ? [] : [webhookSecret(audit.webhook)]),
    daemonSet(context, rulesHash(rules), audit),
  ];
}

function configMap(name: string, data: Readonly<Record<string, string>>): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: NAMESPACE }, data };
}

function ready(probe: AddonProbe): Promise<readonly CheckResult[]> {
  return Promise.all(probe.nodes.map((node) => healthOf(probe, node)));
}

async function healthOf({ channel }: AddonProbe, node: NodeHandle): Promise<CheckResult> {
  const result = { id: `detector ${node.name}`, says: `the detector on ${node.name} sees everything` };
  try {
    await channel.request({
      node,
      socket: CHANNEL_SOCKET,
      method: 'GET',
      path: '/healthz',
      timeoutMs: HEALTH_TIMEOUT_MS,
    });
    return { ...result, ok: true, observed: 'sensor, processes and pods are there' };
  } catch (error) {
    return { ...result, ok: false, observed: messageOf(error) };
  }
}
