import type { PodKind } from './pods.ts';

/**
 * Something done in a pod that one rule of Falco's is about. It touches nothing outside of the pod. Where the image has
 * no program of a name, or its work would do harm, a link of that name leads to one that does nothing (see pods.ts).
 */
export interface DetectorAction {
  /** Name of the official rule; without `own`, also of ours. */
  readonly rule: string;
  readonly maturity: 'stable' | 'incubating' | 'sandbox';
  readonly does: string;
  /** The pod in which it is done; its user and its image have to be told right. */
  readonly pod: PodKind;
  /** The command; or `start`: the rule is about the start of such a pod. */
  readonly run: readonly string[] | 'start';
  readonly terminal?: true;
  /** Something that not every machine has. */
  readonly needs?: 'kernel modules';
  /** All official rules that fire, each once; without it, `rule` alone. */
  readonly official?: readonly string[];
  /** All rules of ours that fire, each once; without it, `rule` alone; empty where we ship none for it. */
  readonly own?: readonly string[];
}

const TRUSTED = 'Read sensitive file trusted after startup';
const UNTRUSTED = 'Read sensitive file untrusted';
export const NAMESPACE_TOOL = 'KD Namespace tool in container';
const NETWORK_TOOL = 'Launch Suspicious Network Tool in Container';

/** One for each of the 25 stable rules. */
export const STABLE_ACTIONS: readonly DetectorAction[] = [
  {
    ...{ rule: 'Directory traversal monitored file read', maturity: 'stable', pod: 'plain' },
    does: 'reads a file of /etc by a path that climbs out of folders',
    run: ['cat', '/usr/lib/../../etc/../etc/debian_version'],
  },
  {
    ...{ rule: TRUSTED, maturity: 'stable', pod: 'plain' },
    does: 'reads /etc/shadow as a server (a shell named nginx), six seconds after its start',
    run: ['/actions/nginx', '-c', 'read -t 6 -u 3 3<> /actions/fifo; : < /etc/shadow'],
    official: [TRUSTED, UNTRUSTED],
    own: [TRUSTED, UNTRUSTED],
  },
  {
    ...{ rule: UNTRUSTED, maturity: 'stable', pod: 'plain' },
    does: 'prints /etc/shadow',
    run: ['cat', '/etc/shadow'],
  },
  {
    ...{ rule: 'Run shell untrusted', maturity: 'stable', pod: 'plain' },
    does: 'starts a shell as a server (a shell named redis-server)',
    run: ['/actions/redis-server', '-c', 'sh -c :; :'],
  },
  {
    ...{ rule: 'System user interactive', maturity: 'stable', pod: 'www-data', terminal: true },
    does: 'as www-data gets a shell with a terminal from sshd (a shell of that name)',
    run: ['/actions/sshd', '-c', 'sh -c :; :'],
    own: ['System user interactive', 'Terminal shell in container'],
  },
  {
    ...{ rule: 'Terminal shell in container', maturity: 'stable', pod: 'plain', terminal: true },
    does: 'starts a shell in the container with a terminal',
    run: ['sh', '-c', ':'],
  },
  {
    ...{ rule: 'Contact K8S API Server From Container', maturity: 'stable', pod: 'plain' },
    does: 'connects to the Service of the API server and hangs up',
    run: ['node', '-e', 'const s = require("net").connect(443, "10.96.0.1", () => s.destroy())'],
  },
  {
    ...{ rule: 'Netcat Remote Code Execution in Container', maturity: 'stable', pod: 'plain' },
    does: 'starts nc (a link to true) so that it would hand out a shell',
    run: ['/actions/nc', '-e', '/bin/sh', '127.0.0.1', '9'],
    official: ['Netcat Remote Code Execution in Container', NETWORK_TOOL],
    own: ['Netcat Remote Code Execution in Container', NETWORK_TOOL],
  },
  {
    ...{ rule: 'Search Private Keys or Passwords', maturity: 'stable', pod: 'plain' },
    does: 'looks for files with the name of a private key',
    run: ['find', '/actions', '-name', 'id_rsa'],
  },
  {
    ...{ rule: 'Clear Log Activities', maturity: 'stable', pod: 'plain' },
    does: 'empties a file below /var/log of the container',
    run: ['sh', '-c', ': > /var/log/action.log'],
  },
  {
    ...{ rule: 'Remove Bulk Data from Disk', maturity: 'stable', pod: 'plain' },
    does: 'asks shred for its version',
    run: ['shred', '--version'],
  },
  {
    ...{ rule: 'Create Symlink Over Sensitive Files', maturity: 'stable', pod: 'plain' },
    does: 'makes a symbolic link to /etc/shadow',
    run: ['ln', '-s', '/etc/shadow', '/actions/shadow-link'],
  },
  {
    ...{ rule: 'Create Hardlink Over Sensitive Files', maturity: 'stable', pod: 'plain' },
    does: 'gives /etc/shadow of the container a second name',
    run: ['ln', '/etc/shadow', '/etc/shadow-of-action'],
  },
  {
    ...{ rule: 'Packet socket created in container', maturity: 'stable', pod: 'plain' },
    does: 'opens a packet socket and ends',
    run: ['/actions/packet-socket'],
  },
  {
    ...{ rule: 'Redirect STDOUT/STDIN to Network Connection in Container', maturity: 'stable', pod: 'plain' },
    does: 'puts a connected UDP socket of the loopback device in the place of standard input',
    run: ['/actions/network-stdin'],
  },
  {
    ...{ rule: 'Linux Kernel Module Injection Detected', maturity: 'stable', pod: 'privileged' },
    needs: 'kernel modules',
    does: 'offers the kernel a text as a module, which it refuses',
    run: ['/actions/module-loader'],
  },
  {
    ...{ rule: 'Debugfs Launched in Privileged Container', maturity: 'stable', pod: 'privileged' },
    does: 'starts debugfs (a link to true)',
    run: ['/actions/debugfs', '/dev/null'],
  },
  {
    ...{ rule: 'Detect release_agent File Container Escapes', maturity: 'stable', pod: 'privileged' },
    does: 'writes a file named release_agent in a volume',
    run: ['sh', '-c', ': > /actions/release_agent'],
  },
  {
    ...{ rule: 'PTRACE attached to process', maturity: 'stable', pod: 'plain' },
    does: 'takes hold of its own child and ends it',
    run: ['/actions/trace-child'],
  },
  {
    ...{ rule: 'PTRACE anti-debug attempt', maturity: 'stable', pod: 'plain' },
    does: 'asks to be traced by its parent',
    run: ['/actions/trace-me'],
  },
  {
    ...{ rule: 'Find AWS Credentials', maturity: 'stable', pod: 'plain' },
    does: 'looks for the name of a cloud key in /etc/hostname',
    run: ['grep', '-e', 'aws_access_key_id', '-e', '.', '/etc/hostname'],
  },
  {
    ...{ rule: 'Execution from /dev/shm', maturity: 'stable', pod: 'plain' },
    does: 'has a shell run an empty script in /dev/shm',
    run: ['sh', '/dev/shm/script'],
  },
  {
    ...{ rule: 'Drop and execute new binary in container', maturity: 'stable', pod: 'plain' },
    does: 'starts a copy of true that was made in the container',
    run: ['/opt/dropped'],
  },
  {
    ...{ rule: 'Disallowed SSH Connection Non Standard Port', maturity: 'stable', pod: 'privileged' },
    does: 'connects to itself as ssh, by an address that is no private one, port 443',
    run: ['/actions/ssh'],
  },
  {
    ...{ rule: 'Fileless execution via memfd_create', maturity: 'stable', pod: 'plain' },
    does: 'runs a copy of true from memory',
    // The parent of what the runtime starts is for a moment the runtime, which the official rule leaves alone.
    run: ['sh', '-c', '/actions/run-from-memory; :'],
  },
];
