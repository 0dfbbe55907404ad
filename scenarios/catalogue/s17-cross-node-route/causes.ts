import { halvesOf } from '../../cluster/ipv4.ts';
import type { VariantSummary } from '../../types.ts';
import type { Link } from './link.ts';

export interface Cause {
  readonly id: string;
  readonly title: string;
  /** What the detector has to say about it. */
  readonly alert: 'KD Route or sysctl changed' | 'KD Packet filter rule changed';
  /** Whether single protocols can be meant. */
  readonly knowsProtocols: boolean;
  /** Run on a machine, one after the other. */
  commands(link: Link): readonly (readonly string[])[];
}

/** Name of the chain that drops. */
export const CHAIN = 'TENANT-WALL';
/** Priority of the routing rule: asked before the main table. */
export const PRIORITY = '100';
/** The unit that sets the wrong route again and again. */
export const UNIT = 'route-keeper';
export const UNIT_FILES = [`/etc/systemd/system/${UNIT}.service`, `/etc/systemd/system/${UNIT}.timer`] as const;
/** How often; a check that it stays away waits longer. */
export const PERIOD_S = 5;

/** What can keep the pods of two machines apart while the machines themselves reach each other. */
export const causes: readonly Cause[] = [
  {
    id: 'half-routes',
    title: 'two black holes, each more specific than the right route',
    alert: 'KD Route or sysctl changed',
    knowsProtocols: false,
    commands: ({ far }) => halvesOf(far).map((half) => ['ip', 'route', 'add', 'blackhole', half]),
  },
  {
    id: 'forwarding-off',
    title: 'a machine that forwards nothing',
    alert: 'KD Route or sysctl changed',
    knowsProtocols: false,
    commands: () => [['sysctl', '-w', 'net.ipv4.ip_forward=0']],
  },
  {
    id: 'forward-drop',
    title: 'a chain of the packet filter that drops between two pod networks',
    alert: 'KD Packet filter rule changed',
    knowsProtocols: true,
    commands: ({ near, far, protocol }) => [
      ['iptables', '-w', '-N', CHAIN],
      ['iptables', '-w', '-A', CHAIN, '-s', near, '-d', far, ...protocolMatch(protocol), '-j', 'DROP'],
      ['iptables', '-w', '-I', 'FORWARD', '1', '-j', CHAIN],
    ],
  },
  {
    id: 'prohibit-rule',
    title: 'a routing rule that forbids the other pod network',
    alert: 'KD Route or sysctl changed',
    knowsProtocols: false,
    commands: ({ far }) => [['ip', 'rule', 'add', 'to', far, 'prohibit', 'pref', PRIORITY]],
  },
  {
    id: 'wrong-next-hop',
    title: 'a route by way of nobody, set again and again',
    alert: 'KD Route or sysctl changed',
    knowsProtocols: false,
    commands: ({ far, deadHop }) => [
      ['sh', '-c', PLANT, 'plant', far, deadHop],
      ['systemctl', 'daemon-reload'],
      ['systemctl', 'enable', '--now', `${UNIT}.timer`],
      ['ip', 'route', 'replace', far, 'via', deadHop],
    ],
  },
];

export const variants: readonly VariantSummary[] = causes.map(({ id, title }) => ({ id, title }));

export function causeOf(variant: string): Cause {
  const cause = causes.find(({ id }) => id === variant);
  if (cause === undefined) throw new RangeError(`no cause ${variant}`);
  return cause;
}

export function protocolMatch(protocol: Link['protocol']): readonly string[] {
  return protocol === 'all' ? [] : ['-p', protocol];
}

/** Writes the units. Their timer needs an accuracy, or systemd is free to be a minute late. */
const PLANT = `
cat > ${UNIT_FILES[0]} <<END
[Unit]
Description=Keep the routes to the other rack

[Service]
Type=oneshot
ExecStart=/usr/sbin/ip route replace $1 via $2
END
cat > ${UNIT_FILES[1]} <<END
[Unit]
Description=Keep the routes to the other rack

[Timer]
OnActiveSec=${String(PERIOD_S)}
OnUnitActiveSec=${String(PERIOD_S)}
AccuracySec=1

[Install]
WantedBy=timers.target
END
`;
