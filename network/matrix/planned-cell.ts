import { isIPv6 } from 'node:net';
import type { ProbeTarget } from '../agent/protocol.ts';
import type { LabFacts, ProberFacts } from '../lab/facts.ts';
import type { FailureClass, MatrixCell, RequirementName } from '../types.ts';

/** A cell before it is measured: who tries what, and what must come of it. */
export interface PlannedCell extends Pick<MatrixCell, 'from' | 'to' | 'row' | 'path' | 'protocol' | 'requirement'> {
  readonly probe: PlannedProbe;
}

export type PlannedProbe =
  | { readonly kind: 'job'; readonly target: ProbeTarget; readonly expect: Expectation }
  /** Judged from what other cells saw of this prober. */
  | { readonly kind: 'identity'; readonly address: string }
  /** This lab cannot have it. */
  | { readonly kind: 'skip'; readonly why: string }
  /** Failed before it could be tried. */
  | { readonly kind: 'impossible'; readonly error: FailureClass; readonly detail: string };

export type Expectation =
  | {
      readonly kind: 'answer';
      readonly answerers: readonly string[];
      readonly source?: SourceRule;
      /** Over HTTP: what the server must have been asked for, behind whatever passes requests on. */
      readonly asked?: { readonly host: string; readonly path: string };
    }
  | { readonly kind: 'refused' }
  /** Nothing comes back at all. */
  | { readonly kind: 'silence' }
  /** However it fails, nobody takes the call. */
  | { readonly kind: 'nobody' }
  | { readonly kind: 'no-such-name' }
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'records'; readonly records: readonly string[]; readonly match: 'exactly' | 'includes' };

/** The addresses under which the client may be seen. */
export interface SourceRule {
  readonly says: string;
  readonly addresses: readonly string[];
}

interface Reach {
  readonly row: string;
  readonly path: string;
  readonly requirement: RequirementName;
  readonly from: ProberFacts;
  readonly to: string;
  readonly addresses: readonly string[];
  readonly port: number;
  readonly expect: Expectation;
}

/** The cells of one client and one target: TCP and UDP, over each address family that both have. */
export function reach({ addresses, port, from, expect, ...names }: Reach): readonly PlannedCell[] {
  const usable = addresses.filter((address) => from.addresses.some((own) => isIPv6(own) === isIPv6(address)));
  const cell = (protocol: 'tcp' | 'udp', path: string, probe: PlannedProbe): PlannedCell => ({
    ...names,
    path,
    from: from.name,
    protocol,
    probe,
  });
  return (['tcp', 'udp'] as const).flatMap((protocol) => {
    if (usable.length === 0) {
      return [cell(protocol, names.path, impossible('prober-down', `${names.to} has no address`))];
    }
    return usable.map((host) =>
      cell(protocol, isIPv6(host) ? `${names.path}, IPv6` : names.path, {
        kind: 'job',
        target: { kind: protocol, host, port },
        expect,
      }),
    );
  });
}

/** The cells of a Service that should be there, and is not. */
export function missingService(
  { from, ...names }: Pick<PlannedCell, 'row' | 'path' | 'requirement' | 'to'> & { readonly from: ProberFacts },
  service: string,
): readonly PlannedCell[] {
  const probe = impossible('unreachable', `the Service ${service} does not exist`);
  return (['tcp', 'udp'] as const).map((protocol) => ({ ...names, from: from.name, protocol, probe }));
}

export function impossible(error: FailureClass, detail: string): PlannedProbe {
  return { kind: 'impossible', error, detail };
}

/** One cell that stands for all of its kind, which this lab cannot have. */
export function skipped(
  cell: Pick<PlannedCell, 'row' | 'path' | 'protocol' | 'requirement'> & {
    readonly from?: string;
    readonly to?: string;
  },
  why: string,
): PlannedCell {
  return { from: '-', to: '-', ...cell, probe: { kind: 'skip', why } };
}

/** The client itself, without any translation of its address. */
export function seenAs(client: ProberFacts): SourceRule {
  return { says: client.addresses.join(', '), addresses: client.addresses };
}

/** A pod that calls an address outside the pods' network: networks may put its node's address in its place, or not. */
export function seenAsPodOrNode(facts: LabFacts, client: ProberFacts): SourceRule {
  const node = seenAsNode(facts, client.node);
  const own = seenAs(client);
  return { says: `${own.says} or ${node.says}`, addresses: [...own.addresses, ...node.addresses] };
}

/** Any address of that node: what masquerading on it makes of a client. */
export function seenAsNode(facts: LabFacts, name: string): SourceRule {
  const addresses = facts.nodes.find((node) => node.name === name)?.addresses ?? [];
  return { says: `an address of ${name} (${addresses.join(', ')})`, addresses };
}

export function probersWith(facts: LabFacts, ...roles: readonly ProberFacts['role'][]): readonly ProberFacts[] {
  return facts.probers.filter(({ role }) => roles.includes(role));
}
