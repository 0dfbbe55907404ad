import { hostPort, networkOf } from '../proxy-chains.ts';
import type { NftElement, NftExpression, NftRuleset } from './ruleset.ts';

/** One of the ways in which an expression can hold, in the words of iptables. */
export interface Alternative {
  readonly conditions: readonly string[];
  /** Of a look-up that decides; else empty. */
  readonly verdict: string;
  readonly comment?: string;
}

/** What an expression does with the packet, as iptables says it; undefined for a condition. */
export function verdictOf(expression: NftExpression): string | undefined {
  const [kind, value] = Object.entries(expression)[0] ?? ['', undefined];
  const object = (value ?? {}) as Readonly<Record<string, unknown>>;
  switch (kind) {
    case 'goto':
      return `-g ${textOf(object['target'])}`;
    case 'jump':
      return `-j ${textOf(object['target'])}`;
    case 'drop':
    case 'accept':
    case 'return':
      return `-j ${kind.toUpperCase()}`;
    case 'reject':
      return `-j REJECT --reject-with ${textOf(object['type'])}-${textOf(object['expr'])}`;
    case 'dnat':
      return `-j DNAT --to-destination ${hostPort(textOf(object['addr']), Number(object['port']))}`;
    case 'masquerade':
      return '-j MASQUERADE --random-fully';
    case 'mangle':
      return markVerdict(object);
    default:
      return undefined;
  }
}

/** The ways in which a condition can hold: one for each element of the set or map that it asks. */
export function conditionOf(expression: NftExpression, ruleset: NftRuleset): readonly Alternative[] {
  const { match, vmap, set } = expression as {
    readonly match?: Comparison;
    readonly vmap?: LookUp;
    readonly set?: Update;
  };
  if (match !== undefined) return valuesOf(match.right, ruleset).map((value) => plain(comparison(match, value)));
  if (vmap !== undefined) return lookUp(vmap, ruleset);
  if (set !== undefined) return [plain(`-m recent --set --name ${nameOf(set.set)}`)];
  return [plain(unknown(expression))];
}

interface Comparison {
  readonly op: string;
  readonly left: NftExpression;
  readonly right: unknown;
}

interface LookUp {
  readonly key: NftExpression;
  readonly data: unknown;
}

interface Update {
  readonly set: string;
}

/** `mark | bit` sets it, `mark ^ bit` takes it off where it is set, as it is there. */
function markVerdict({ value }: Readonly<Record<string, unknown>>): string | undefined {
  const { '|': or, '^': xor } = (value ?? {}) as Readonly<Record<string, readonly unknown[] | undefined>>;
  if (or !== undefined) return `-j MARK --set-xmark ${bit(or)}/${bit(or)}`;
  return xor === undefined ? undefined : `-j MARK --set-xmark ${bit(xor)}/0x0`;
}

function bit(operands: readonly unknown[]): string {
  return `0x${Number(operands[1]).toString(16)}`;
}

/** The value itself, or all members of a set, named or written out. An affinity set is asked as such: its members come and go. */
function valuesOf(right: unknown, { elements }: NftRuleset): readonly unknown[] {
  if (typeof right === 'string' && right.startsWith('@')) {
    return isAffinity(right) ? [right] : (elements.get(nameOf(right)) ?? []).map(({ key }) => key[0]);
  }
  const { set } = (typeof right === 'object' ? right : {}) as { readonly set?: readonly unknown[] };
  return set ?? [right];
}

function comparison(match: Comparison, value: unknown): string {
  if (isAffinity(value)) return `-m recent --rcheck --name ${nameOf(String(value))}`;
  const not = match.op === '!=' ? '! ' : '';
  const text = fieldCondition(match.left, value);
  return text === undefined ? unknown({ match }) : `${not}${text}`;
}

/** A field of the packet with its value, e.g. `-d 10.96.0.1/32`. Modules are named where iptables-save names them. */
function fieldCondition(field: NftExpression, value: unknown): string | undefined {
  const {
    payload,
    meta,
    fib,
    ct,
    '&': and,
  } = field as {
    readonly payload?: { readonly protocol: string; readonly field: string };
    readonly meta?: { readonly key: string };
    readonly fib?: { readonly result: string; readonly flags: readonly string[] | string };
    readonly ct?: { readonly key: string };
    readonly '&'?: readonly unknown[];
  };
  if (payload?.field === 'daddr') return `-d ${networkText(value)}`;
  if (payload?.field === 'saddr') return `-s ${networkText(value)}`;
  if (payload?.field === 'dport') return `--dport ${textOf(value)}`;
  if (meta?.key === 'l4proto') return `-p ${textOf(value)}`;
  if (fib?.result === 'type') {
    const side = [fib.flags].flat().includes('saddr') ? 'src' : 'dst';
    return `-m addrtype --${side}-type ${textOf(value).toUpperCase()}`;
  }
  if (ct?.key === 'state') return `-m conntrack --ctstate ${[value].flat().map(textOf).join(',').toUpperCase()}`;
  if (and !== undefined && value === 0) return `! --mark ${bit(and)}/${bit(and)}`;
  return undefined;
}

/** Elements of a map, or endpoints by number: of N the first is taken by 1/N, the next by 1/(N-1) of the rest, the last by all. */
function lookUp({ key, data }: LookUp, { elements }: NftRuleset): readonly Alternative[] {
  if (typeof data === 'string') {
    const fields = (key['concat'] ?? [key]) as readonly NftExpression[];
    return (elements.get(nameOf(data)) ?? []).map((one) => elementAlternative(one, fields));
  }
  const { set = [] } = data as { readonly set?: readonly (readonly [unknown, NftExpression])[] };
  return set.map(([, verdict], index) => ({
    conditions:
      index === set.length - 1
        ? []
        : [`-m statistic --mode random --probability ${(1 / (set.length - index)).toFixed(11)}`],
    verdict: verdictOf(verdict) ?? '',
  }));
}

function elementAlternative({ key, comment, verdict }: NftElement, fields: readonly NftExpression[]): Alternative {
  const conditions = fields.map((field, index) => fieldCondition(field, key[index]) ?? unknown(field));
  return {
    conditions,
    verdict: verdict === undefined ? '' : (verdictOf(verdict) ?? ''),
    ...(comment === '' ? {} : { comment }),
  };
}

function plain(condition: string): Alternative {
  return { conditions: [condition], verdict: '' };
}

/** An option that no reader of rules knows. */
function unknown(expression: unknown): string {
  return `--nft-${JSON.stringify(expression).replace(/[\s"]/g, '')}`;
}

function networkText(value: unknown): string {
  const { prefix } = (typeof value === 'object' ? value : {}) as {
    readonly prefix?: { readonly addr: string; readonly len: number };
  };
  return prefix === undefined ? networkOf(textOf(value)) : `${prefix.addr}/${String(prefix.len)}`;
}

function isAffinity(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith('@affinity-');
}

/** The name of a set without its `@`. */
function nameOf(reference: string): string {
  return reference.replace(/^@/, '');
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
