import type { VariantSummary } from '../../types.ts';

/** How a command of the family comes out, for those who call a Service through the machine. */
export type Healing = 'not-lost' | 'within-35-s' | 'not-within-70-s';

export interface FamilyMember {
  readonly id: string;
  readonly title: string;
  readonly argv: readonly string[];
  readonly healing: Healing;
  readonly unavailable?: string;
}

const shell = (script: string): readonly string[] => ['sh', '-c', script];

/** The commands that people call "flushing iptables"; what each does was measured (catalogue S01). */
export const family: readonly FamilyMember[] = [
  { id: 'a', title: 'filter rules flushed', argv: ['iptables', '-F'], healing: 'not-lost' },
  { id: 'b', title: 'nat rules flushed', argv: ['iptables', '-t', 'nat', '-F'], healing: 'not-within-70-s' },
  {
    id: 'c',
    title: 'nat rules and chains removed',
    argv: shell('iptables -t nat -F; iptables -t nat -X'),
    healing: 'not-within-70-s',
  },
  {
    id: 'd',
    title: 'rules and chains of three tables removed',
    argv: shell('for t in mangle nat filter; do iptables -t $t -F; iptables -t $t -X; done'),
    healing: 'within-35-s',
  },
  { id: 'e', title: 'the whole ruleset flushed', argv: ['nft', 'flush', 'ruleset'], healing: 'within-35-s' },
  {
    id: 'f',
    title: 'mangle rules and chains removed',
    argv: shell('iptables -t mangle -F; iptables -t mangle -X'),
    healing: 'not-lost',
  },
  {
    id: 'g',
    title: 'kube-proxy’s own nftables table deleted',
    argv: ['nft', 'delete', 'table', 'ip', 'kube-proxy'],
    healing: 'not-within-70-s',
    unavailable: 'it needs a lab whose kube-proxy runs in nftables mode; kubedrill’s labs run it in iptables mode',
  },
];

export const variants: readonly VariantSummary[] = family.map(({ id, title, unavailable }) => ({
  id,
  title,
  ...(unavailable === undefined ? {} : { unavailable }),
}));

export function memberOf(variant: string): FamilyMember {
  const member = family.find(({ id }) => id === variant);
  if (!member) throw new RangeError(`no member ${variant} in the family`);
  return member;
}
