import { halvesOf } from '../../cluster/ipv4.ts';
import { done, notYet, waitFor } from '../../../core/index.ts';
import { nodeOf } from '../../cluster/nodes.ts';
import type { PlayContext } from '../../define.ts';
import { CHAIN, PRIORITY, protocolMatch, UNIT, UNIT_FILES } from './causes.ts';
import { linkFrom, type Link } from './link.ts';
import type { RouteParameters } from './parameters.ts';
import { pairPathNames } from './paths.ts';

type Context = PlayContext<RouteParameters>;
type Commands = readonly (readonly string[])[];

/** What takes each cause away, as one would type it. */
const removals: Readonly<Record<string, (link: Link) => Commands>> = {
  'half-routes': ({ far }) => halvesOf(far).map((half) => ['ip', 'route', 'del', 'blackhole', half]),
  'forwarding-off': () => [['sysctl', '-w', 'net.ipv4.ip_forward=1']],
  'forward-drop': ({ near, far, protocol }) => [
    ['iptables', '-w', '-D', 'FORWARD', '-j', CHAIN],
    ['iptables', '-w', '-D', CHAIN, '-s', near, '-d', far, ...protocolMatch(protocol), '-j', 'DROP'],
    ['iptables', '-w', '-X', CHAIN],
  ],
  'prohibit-rule': ({ far }) => [['ip', 'rule', 'del', 'to', far, 'prohibit']],
  'wrong-next-hop': ({ far, hop }) => [
    ['systemctl', 'disable', '--now', `${UNIT}.timer`],
    ['rm', ...UNIT_FILES],
    ['systemctl', 'daemon-reload'],
    ['ip', 'route', 'replace', far, 'via', hop],
  ],
};

/** The same in other words. */
const otherRemovals: Readonly<Record<string, (link: Link) => Commands>> = {
  'half-routes': ({ far }) => [['ip', 'route', 'flush', 'root', far, 'type', 'blackhole']],
  'forwarding-off': () => [
    [
      'sh',
      '-c',
      'echo net.ipv4.ip_forward=1 > /etc/sysctl.d/90-forward.conf && sysctl -p /etc/sysctl.d/90-forward.conf',
    ],
  ],
  'forward-drop': () => [
    ['sh', '-c', DELETE_JUMP],
    ['nft', 'flush', 'chain', 'ip', 'filter', CHAIN],
    ['nft', 'delete', 'chain', 'ip', 'filter', CHAIN],
  ],
  'prohibit-rule': () => [['ip', 'rule', 'del', 'pref', PRIORITY]],
  'wrong-next-hop': ({ far, deadHop, hop }) => [
    ['systemctl', 'stop', `${UNIT}.timer`, `${UNIT}.service`],
    ['sh', '-c', `rm -f ${UNIT_FILES.join(' ')} /etc/systemd/system/timers.target.wants/${UNIT}.timer`],
    ['systemctl', 'daemon-reload'],
    ['ip', 'route', 'del', far, 'via', deadHop],
    ['ip', 'route', 'add', far, 'via', hop],
  ],
};

/** By its handle, which only a listing tells. */
const DELETE_JUMP = `
handle=$(nft -a list chain ip filter FORWARD | sed -n 's/.*jump ${CHAIN} .*# handle //p')
nft delete rule ip filter FORWARD handle "$handle"
`;

/** Takes the cause away on these machines; on all broken ones by default. */
export async function remove(context: Context, nodes = context.parameters.broken): Promise<void> {
  await runFor(context, nodes, removals);
}

export async function removeInOtherWords(context: Context): Promise<void> {
  await runFor(context, context.parameters.broken, otherRemovals);
}

async function runFor(
  { env, variant, parameters }: Context,
  nodes: readonly string[],
  table: Readonly<Record<string, (link: Link) => Commands>>,
): Promise<void> {
  for (const node of nodes) {
    const link = await linkFrom(env, node, parameters);
    for (const argv of table[variant]?.(link) ?? []) await nodeOf(env.session, node).exec(argv, { timeoutMs: 30_000 });
  }
}

/** As somebody who repairs a thing tries it afterwards. */
export async function untilPodsAnswer({ env, parameters, readMeter }: Context): Promise<void> {
  const paths = pairPathNames(parameters);
  await waitFor(
    async () => {
      const readings = await readMeter();
      const silent = paths.filter((path) => readings.find((reading) => reading.path === path)?.lastOk !== true);
      return silent.length === 0 ? done(undefined) : notYet(`${silent.join(', ')} fail`);
    },
    { what: 'the pods of both machines to answer each other', timeoutMs: 30_000, clock: env.session.clock },
  );
}
