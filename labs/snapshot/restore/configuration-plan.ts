import { prettyCommand } from '../../../core/index.ts';
import { compareNodes } from '../compare.ts';
import { canonicalNode, dnsPortsOf, pathOf } from '../node-canonical.ts';
import type { NodeDump } from '../node-script.ts';
import type { NodeSnapshot, Residue } from '../types.ts';
import { fed, scriptOf } from './script.ts';

/** How a node's files, services and device nodes become as they were. */
export interface ConfigurationPlan {
  /** For bash; empty when there is nothing to do, or nothing that can be done. */
  readonly script: string;
  /** Lines that differ, for people. */
  readonly differences: readonly string[];
}

type NodeResidue = Extract<Residue, { readonly kind: 'node' }>;

/** The tables of a picture that need neither the API server nor kube-proxy. */
export const CONFIGURATION_TABLES: readonly string[] = ['stopped', 'files', 'units', 'devices'];

/**
 * Says what has to be run on a node so that its configuration is as in the picture: stopped processes go on, foreign services stop and foreign files
 * go, kept files come back, then the services that run on them start again. Pure. What a picture does not keep
 * (large programs, lost device nodes) is among the differences and not in the script.
 */
export function planConfiguration(
  saved: NodeSnapshot,
  dump: NodeDump,
  tables: readonly string[] = CONFIGURATION_TABLES,
): ConfigurationPlan {
  const now = canonicalNode(dump, { lineageByIp: new Map(), dnsPorts: dnsPortsOf(dump['dns-sockets']) });
  const chosen = CONFIGURATION_TABLES.filter((table) => tables.includes(table));
  const residue = compareNodes(saved, { tables: now }, chosen).filter((one) => one.kind === 'node');
  const lines = (table: string, change: NodeResidue['change']): readonly string[] =>
    residue.filter((one) => one.table === table && one.change === change).map(({ line }) => line);

  const missing = lines('files', 'missing').map(pathOf);
  const foreign = lines('files', 'added')
    .map(pathOf)
    .filter((path) => path !== '' && !missing.includes(path));
  const kept = saved.raw['archive'] ? missing.filter(isKept) : [];
  const due = unitsToStart(lines('units', 'missing'), [...foreign, ...kept]);
  const idle = lines('units', 'added')
    .map(unitOf)
    .filter((unit) => !due.includes(unit));
  const steps = [
    ...lines('stopped', 'added').map((name) => prettyCommand(['pkill', '-CONT', '-x', name])),
    ...idle.map((unit) => `{ systemctl stop ${unit}; systemctl reset-failed ${unit} 2>/dev/null; true; }`),
    ...foreign.map((path) => prettyCommand(['rm', '-f', path])),
    kept.length === 0 ? '' : fed(prettyCommand(extract(kept)), Buffer.from(saved.raw['archive'] ?? '', 'base64')),
    ...lines('devices', 'added').map((line) => prettyCommand(['rm', '-f', line.split(' ')[0] ?? ''])),
    [...foreign, ...kept].some((path) => path.includes('/systemd/system/')) ? 'systemctl daemon-reload' : '',
    [...foreign, ...kept].some((path) => READ_AT_START.test(path)) ? BEGIN_STATIC_PODS_ANEW : '',
    ...due.map((unit) => `{ systemctl reset-failed ${unit} 2>/dev/null; systemctl restart ${unit}; }`),
  ];
  return {
    script: scriptOf(steps),
    differences: residue.map(({ table, line, change }) => `${table}: ${change} ${line}`),
  };
}

function extract(paths: readonly string[]): readonly string[] {
  return [
    'tar',
    '-C',
    '/',
    '--unlink-first',
    '--same-owner',
    '-xzpf',
    '-',
    '--',
    ...paths.map((path) => path.slice(1)),
  ];
}

function isKept(path: string): boolean {
  return path !== '' && !path.startsWith('/opt/cni/bin/');
}

/** `kubelet.service active running`, `cleanup.timer active`. */
function unitOf(line: string): string {
  return line.split(' ')[0] ?? '';
}

/** Which service reads which files only when it starts. The kubelet also forgets how long it wanted to wait for crashed static pods. */
const READERS: readonly (readonly [unit: string, files: RegExp])[] = [
  ['containerd.service', /^\/etc\/containerd\/|\/containerd\.service/],
  [
    'kubelet.service',
    /^\/var\/lib\/kubelet\/|^\/etc\/default\/kubelet|^\/etc\/kubernetes\/(?!manifests\/)|\/kubelet\.service/,
  ],
];

/** What the static pods of a control plane read only when they start. */
const READ_AT_START = /^\/etc\/kubernetes\/(pki\/|(scheduler|controller-manager)\.conf$)/;
const BEGIN_STATIC_PODS_ANEW =
  "crictl ps -q --name '^(etcd|kube-apiserver|kube-controller-manager|kube-scheduler)$' | xargs -r crictl stop > /dev/null";

/** In the order in which they depend on one another. */
function unitsToStart(missingUnits: readonly string[], files: readonly string[]): readonly string[] {
  const readers = READERS.filter(([, pattern]) => files.some((file) => pattern.test(file))).map(([unit]) => unit);
  const ended = missingUnits.filter((line) => / active( running)?$/.test(line)).map(unitOf);
  const all = new Set([...readers, ...ended]);
  const first = READERS.map(([unit]) => unit).filter((unit) => all.has(unit));
  return [...first, ...[...all].filter((unit) => !first.includes(unit))];
}
