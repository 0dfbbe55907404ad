import type { AddonContext, Channel, Clock, KubeClient, NodeHandle } from '../core/index.ts';

/** What the network room needs of a lab; a Session is one. */
export interface ProbedLab {
  readonly nodes: readonly NodeHandle[];
  readonly keeper: NodeHandle;
  readonly kube: KubeClient;
  readonly channel: Channel;
  readonly clock: Clock;
  readonly addonContext: AddonContext;
}

export type FailureClass =
  | 'timeout'
  | 'refused'
  | 'unreachable'
  | 'reset'
  | 'wrong-identity'
  | 'wrong-source'
  | 'wrong-status'
  | 'dns-no-answer'
  | 'dns-nxdomain'
  | 'dns-servfail'
  | 'prober-down';

export type RequirementName = 'R1' | 'R2' | 'R3' | 'ingress' | 'dns' | 'egress' | 'policy' | 'negatives';

/** One cell of the matrix: one path tried once, with the proof of both ends. */
export interface MatrixCell {
  /** Prober, e.g. `lab-worker/pod-a`, `lab-worker/host`, `lab-worker/node`, `ext`. */
  readonly from: string;
  readonly to: string;
  /** Row of the catalogue, e.g. `M6`, or `node-node`. */
  readonly row: string;
  /** The path in words, e.g. `pod → ClusterIP, backend on another node`. */
  readonly path: string;
  readonly protocol: 'tcp' | 'udp' | 'http' | 'https' | 'dns';
  readonly ok: boolean;
  /** Why this lab cannot have the cell; a skipped cell is neither ok nor failed. */
  readonly skipped?: string;
  readonly error?: FailureClass;
  /** The failure in the words of the operating system or of the check. */
  readonly detail?: string;
  /** The client's own address, as its system chose it for this try. */
  readonly sentSource?: string;
  /** The client's address as the server saw it. */
  readonly observedSource?: string;
  readonly expectedSource?: string;
  /** Who answered, e.g. `lab-worker2/pod-b`. */
  readonly answeredBy?: string;
  readonly requirement: RequirementName;
  readonly ms: number;
  /** 2 when the first try met silence; absent when it did not. */
  readonly tries?: number;
}

export interface RequirementVerdict {
  readonly ok: boolean;
  readonly cells: number;
  /** The failing cells, as `from → to (path, protocol): error`. */
  readonly failed: readonly string[];
}

export interface MatrixReport {
  readonly apiVersion: string;
  readonly takenAt: string;
  readonly tookMs: number;
  readonly cells: readonly MatrixCell[];
  readonly requirements: Readonly<Partial<Record<RequirementName, RequirementVerdict>>>;
}

/** A path that the meter watches. */
export interface MeterPath {
  /** E.g. `o.svc@lab-worker`, `o.np@lab-worker2`, `o.est@lab-worker`, `o.p2p@lab-worker`. */
  readonly name: string;
  /** Which prober runs it, e.g. `lab-worker/pod-a` or `ext`. */
  readonly from: string;
  readonly target: MeterTarget;
}

export type MeterTarget =
  | {
      /** A fresh connection per probe, answered with identity and nonce. */
      readonly kind: 'tcp' | 'udp' | 'http';
      readonly host: string;
      readonly port: number;
      /** For http: Host header and path. */
      readonly hostHeader?: string;
      readonly path?: string;
      /** Identities that may answer, as glob patterns of answerer names, e.g. `shop/web-*`; any signed prober when absent. */
      readonly answerers?: readonly string[];
    }
  | { readonly kind: 'flow'; readonly host: string; readonly port: number; readonly answerers?: readonly string[] }
  | {
      /** An A record; asked of the prober's own resolver when no server is named. */
      readonly kind: 'dns';
      readonly name: string;
      readonly server?: string;
      /** Addresses that the answer must contain; any will do when absent. */
      readonly expect?: readonly string[];
    };

/** One stretch in which a path did not work, in CLOCK_MONOTONIC milliseconds of the machine. */
export interface Outage {
  readonly path: string;
  readonly firstFailure: number;
  readonly lastFailure: number;
  readonly outageMs: number;
  /** True when the path had not come back at the time of reading. */
  readonly open: boolean;
  readonly error: FailureClass;
}

export interface MeterReading {
  readonly path: string;
  readonly probes: number;
  readonly failures: number;
  /** Ticks of the prober's own clock that it was too late for; they are neither good nor bad. */
  readonly missedTicks: number;
  readonly outages: readonly Outage[];
  readonly totalOutageMs: number;
  readonly lastOk: boolean;
  /** 99th percentile of the last minute's probes, good and bad; absent when the prober is gone. */
  readonly p99Ms?: number;
  /** For flows: how often the connection was lost and made anew. */
  readonly flowBreaks?: number;
  /** Outages that are in the totals and no longer in the list. */
  readonly forgottenOutages?: number;
}
