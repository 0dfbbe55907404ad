import { delimiter, dirname, isAbsolute } from 'node:path';
import { nearest, usageError, type Command } from '../core/index.ts';
import { ENGINE } from './engine/facts.ts';
import type { Session } from './session.ts';
import { obtainKubectl } from './tools/index.ts';

/** A program for Runner.run with `stdio: 'inherit'`. */
export interface ShellCommand {
  readonly command: Command;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * What `kubedrill shell [NODE]` runs: with a node an interactive shell on it, without one the user's own shell with KUBECONFIG set and
 * kubectl on PATH. `terminal: 'none'` is for input that comes from a pipe. Fails with exit code 2 and the nearest names for an unknown node.
 */
export async function shellCommand(
  session: Session,
  node?: string,
  options: { readonly terminal?: 'tty' | 'none' } = {},
): Promise<ShellCommand> {
  if (node === undefined) return hostShell(session);
  const names = [...session.nodes, session.keeper].map(({ name }) => name);
  if (!names.includes(node)) {
    throw usageError({
      what: `the lab "${session.lab.name}" has no node ${node}`,
      why: `it has ${names.join(', ')}`,
      hint: `kubedrill shell ${nearest(node, names)[0] ?? names[0] ?? ''}`,
    });
  }
  const terminal = options.terminal === 'none' ? [] : ['--tty'];
  return { command: [ENGINE, 'exec', '--interactive', ...terminal, node, 'bash', '-l'], env: {} };
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
