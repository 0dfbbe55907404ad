/** One rule of `iptables-save`, taken apart. What is not understood is kept by name: a walk must not guess. */
export interface Rule {
  /** As saved, without `-A CHAIN`. */
  readonly text: string;
  readonly comment: string;
  readonly matches: readonly Match[];
  /** Absent for a rule that only counts. */
  readonly target?: Target;
}

/** One condition; all of a rule's must hold. */
export type Match =
  | { readonly kind: 'source' | 'destination'; readonly cidr: string; readonly isNegated: boolean }
  | { readonly kind: 'protocol'; readonly name: string; readonly isNegated: boolean }
  | {
      readonly kind: 'destination-port' | 'source-port';
      readonly ranges: readonly PortRange[];
      readonly isNegated: boolean;
    }
  | { readonly kind: 'in' | 'out'; readonly name: string; readonly isNegated: boolean }
  | { readonly kind: 'source-type' | 'destination-type'; readonly type: string; readonly isNegated: boolean }
  | { readonly kind: 'mark'; readonly value: number; readonly mask: number; readonly isNegated: boolean }
  | { readonly kind: 'connection-state'; readonly states: readonly string[]; readonly isNegated: boolean }
  /** Holds for this share of the packets that come to it. */
  | { readonly kind: 'probability'; readonly share: number }
  /** Session affinity: holds for a client that came this way lately. */
  | { readonly kind: 'seen-lately'; readonly list: string }
  | { readonly kind: 'unknown'; readonly option: string };

/** Both ends belong to it. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

export type Target =
  | { readonly kind: 'chain'; readonly name: string; readonly way: 'jump' | 'goto' }
  | { readonly kind: 'accept' | 'drop' | 'return' }
  | { readonly kind: 'reject'; readonly with: string }
  | { readonly kind: 'dnat'; readonly to: string }
  | { readonly kind: 'masquerade' }
  /** `(mark & ~clear) ^ set`. */
  | { readonly kind: 'mark'; readonly clear: number; readonly set: number }
  | { readonly kind: 'unknown'; readonly name: string };

/** Takes a rule apart; never fails. */
export function parseRule(text: string): Rule {
  const words = wordsOf(text);
  const matches: Match[] = [];
  let comment = '';
  let target: { readonly name: string; readonly way: 'jump' | 'goto'; readonly options: readonly string[] } | undefined;
  for (let at = 0; at < words.length; at++) {
    const isNegated = words[at] === '!';
    if (isNegated) at += 1;
    const option = words[at] ?? '';
    const value = words[at + 1] ?? '';
    if (option === '-j' || option === '-g') {
      target = { name: value, way: option === '-j' ? 'jump' : 'goto', options: words.slice(at + 2) };
      break;
    }
    const reading = OPTIONS[option];
    if (option === '--comment') comment = value;
    else if (reading === undefined) matches.push({ kind: 'unknown', option });
    else matches.push(...reading.read(value, isNegated));
    at += option === '--comment' ? 1 : (reading?.values ?? 0);
  }
  return { text, comment, matches, ...(target === undefined ? {} : { target: targetFrom(target) }) };
}

interface Reading {
  /** How many words follow the option. */
  readonly values: 0 | 1;
  readonly read: (value: string, isNegated: boolean) => readonly Match[];
}

/** Options of rules that kube-proxy, kubelet, the CNI, Docker and our own faults write. */
const OPTIONS: Readonly<Record<string, Reading>> = {
  '-s': one((cidr, isNegated) => ({ kind: 'source', cidr, isNegated })),
  '-d': one((cidr, isNegated) => ({ kind: 'destination', cidr, isNegated })),
  '-p': one((name, isNegated) => ({ kind: 'protocol', name, isNegated })),
  '-i': one((name, isNegated) => ({ kind: 'in', name, isNegated })),
  '-o': one((name, isNegated) => ({ kind: 'out', name, isNegated })),
  '--dport': one((value, isNegated) => ({ kind: 'destination-port', ranges: portsIn(value), isNegated })),
  '--sport': one((value, isNegated) => ({ kind: 'source-port', ranges: portsIn(value), isNegated })),
  '--dports': one((value, isNegated) => ({ kind: 'destination-port', ranges: portsIn(value), isNegated })),
  '--src-type': one((type, isNegated) => ({ kind: 'source-type', type, isNegated })),
  '--dst-type': one((type, isNegated) => ({ kind: 'destination-type', type, isNegated })),
  '--mark': one((value, isNegated) => ({ kind: 'mark', ...markIn(value), isNegated })),
  '--ctstate': one((value, isNegated) => ({ kind: 'connection-state', states: value.split(','), isNegated })),
  '--probability': one((value) => ({ kind: 'probability', share: Number(value) })),
  // `recent` says a lot; one of its options decides.
  '--rcheck': { values: 0, read: () => [{ kind: 'seen-lately', list: '' }] },
  '--set': nothing(0),
  '--seconds': nothing(1),
  '--reap': nothing(0),
  '--name': nothing(1),
  '--mask': nothing(1),
  '--rsource': nothing(0),
  '--mode': nothing(1),
  // Counts, and holds always.
  '--nfacct-name': nothing(1),
  // The name of a module says nothing that its options do not say.
  '-m': nothing(1),
};

function one(read: (value: string, isNegated: boolean) => Match): Reading {
  return { values: 1, read: (value, isNegated) => [read(value, isNegated)] };
}

function nothing(values: 0 | 1): Reading {
  return { values, read: () => [] };
}

function targetFrom({
  name,
  way,
  options,
}: {
  readonly name: string;
  readonly way: 'jump' | 'goto';
  readonly options: readonly string[];
}): Target {
  const option = (wanted: string): string => options[options.indexOf(wanted) + 1] ?? '';
  switch (name) {
    case 'ACCEPT':
      return { kind: 'accept' };
    case 'DROP':
      return { kind: 'drop' };
    case 'RETURN':
      return { kind: 'return' };
    case 'REJECT':
      return { kind: 'reject', with: option('--reject-with') };
    case 'DNAT':
      return { kind: 'dnat', to: option('--to-destination') };
    case 'MASQUERADE':
      return { kind: 'masquerade' };
    case 'MARK':
      return options.includes('--set-xmark') ? xmark(option('--set-xmark')) : { kind: 'unknown', name };
    default:
      return EXTENSIONS.has(name) ? { kind: 'unknown', name } : { kind: 'chain', name, way };
  }
}

/** Targets of the kernel that a walk does not follow; every other name is a chain. */
const EXTENSIONS = new Set([
  'LOG',
  'NFLOG',
  'SNAT',
  'REDIRECT',
  'TPROXY',
  'CT',
  'NOTRACK',
  'CONNMARK',
  'TCPMSS',
  'TOS',
  'NETMAP',
  'QUEUE',
  'NFQUEUE',
  'AUDIT',
  'TRACE',
  'SET',
]);

function xmark(text: string): Target {
  const { value, mask } = markIn(text);
  return { kind: 'mark', clear: mask, set: value };
}

function markIn(text: string): { readonly value: number; readonly mask: number } {
  const [value = '', mask = '0xffffffff'] = text.split('/');
  return { value: Number(value), mask: Number(mask) };
}

/** `80`, `30000:32767`, or several of them with commas between. */
function portsIn(text: string): readonly PortRange[] {
  return text.split(',').map((part) => {
    const [from = '', to = from] = part.split(':');
    return { from: Number(from), to: Number(to) };
  });
}

/** Words as iptables-save quotes them. */
function wordsOf(text: string): readonly string[] {
  return [...text.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(([, quoted, plain]) =>
    quoted === undefined ? (plain ?? '') : quoted.replaceAll(/\\(.)/g, '$1'),
  );
}
