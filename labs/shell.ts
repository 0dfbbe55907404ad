import { delimiter, dirname, isAbsolute } from 'node:path';
import { nearest, usageError, type Command } from '../core/index.ts';
import { ENGINE } from './engine/facts.ts';
import type { LabRecord, Session } from './session.ts';
import { obtainKubectl } from './tools/index.ts';

/** A program for Runner.run with `stdio: 'inherit'`. */
export interface ShellCommand {
  readonly command: Command;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * What `kubedrill shell [NODE]` runs: with a node an interactive shell on it, without one the user's own shell with KUBECONFIG set and
 * kubectl on PATH. A node may be named without its cluster (`worker`), and with the lab's name where its cluster has another one. `terminal: 'none'`
 * is for input that comes from a pipe. Fails with exit code 2 and the nearest names for an unknown node.
 */
export async function shellCommand(
  session: Session,
  node?: string,
  options: { readonly terminal?: 'tty' | 'none' } = {},
): Promise<ShellCommand> {
  if (node === undefined) return hostShell(session);
  const names = [...session.nodes, session.keeper].map(({ name }) => name);
  const known = namesMeant(session.lab, node).find((name) => names.includes(name));
  if (known === undefined) {
    throw usageError({
      what: `the lab "${session.lab.name}" has no node ${node}`,
      why: `it has ${names.join(', ')}`,
      hint: `kubedrill shell ${nearest(node, names)[0] ?? names[0] ?? ''}`,
    });
  }
  const terminal = options.terminal === 'none' ? [] : ['--tty'];
  return { command: [ENGINE, 'exec', '--interactive', ...terminal, known, 'bash', '-l'], env: {} };
}

function namesMeant({ name, cluster }: LabRecord, node: string): readonly string[] {
  const inLab = node.startsWith(`${name}-`) ? [`${cluster}${node.slice(name.length)}`] : [];
  return [node, ...inLab, `${cluster}-${node}`];
}

async function hostShell(session: Session): Promise<ShellCommand> {
  const { env, kubeconfigFile, lab } = session;
  const kubectl = await obtainKubectl({
    ...session,
    kubernetesVersion: lab.kubernetesVersion,
    nodeImage: lab.images.node,
  });
  const path = env['PATH'] ?? '';
  return {
    command: [env['SHELL'] ?? '/bin/sh'],
    env: {
      KUBECONFIG: kubeconfigFile,
      KUBEDRILL_LAB: lab.name,
      ...(isAbsolute(kubectl.path) ? { PATH: `${dirname(kubectl.path)}${delimiter}${path}` } : {}),
    },
  };
}
