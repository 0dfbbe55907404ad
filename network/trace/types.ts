import type { RuleDifference } from '../rules/compare-rules.ts';
import type { Course } from '../rules/walk.ts';
import type { ProbeOutcome } from '../agent/protocol.ts';

/** One request, hop by hop: by which rules it goes where, and where it ends. */
export interface Trace {
  readonly apiVersion: string;
  readonly takenAt: string;
  /** Prober that asks, e.g. `lab-worker/pod-a`, or `ext`. */
  readonly from: string;
  /** As it was asked for. */
  readonly to: string;
  readonly protocol: 'tcp' | 'udp';
  readonly hops: readonly Hop[];
  readonly verdict: { readonly ok: boolean; readonly says: string };
}

export type Hop = {
  readonly ok: boolean;
  /** The hop in one line, for people. */
  readonly says: string;
} & HopFacts;

export type HopFacts =
  /** What the client's name server says of the Service's name. */
  | { readonly kind: 'name'; readonly name: string; readonly expected: string; readonly outcome: ProbeOutcome }
  /** The rules of the client's node (nat table), which choose the endpoint. */
  | { readonly kind: 'nat'; readonly node: string; readonly chain: string; readonly courses: readonly Course[] }
  | { readonly kind: 'endpoints'; readonly endpoints: readonly TracedEndpoint[] }
  /** A packet filter that the rewritten packet has to pass. */
  | { readonly kind: 'filter'; readonly node: string; readonly chain: string; readonly courses: readonly Course[] }
  /** How the node sends to the endpoints, as `ip route get` says. */
  | {
      readonly kind: 'route';
      readonly node: string;
      readonly routes: readonly { readonly to: string; readonly way: string }[];
    }
  /** Whether the endpoint sees the client's own address. */
  | { readonly kind: 'source'; readonly node: string; readonly isMasqueraded: boolean }
  /** Which Ingress takes host and path, and to which Service it leads. */
  | { readonly kind: 'ingress'; readonly ingress: string; readonly backend: string }
  /** Which HTTPRoute takes host and path, of which Gateway, and to which Service ports it leads. */
  | {
      readonly kind: 'http-route';
      readonly route: string;
      readonly gateway: string;
      readonly backends: readonly string[];
    }
  /** What a real request came to. */
  | { readonly kind: 'request'; readonly outcome: ProbeOutcome; readonly ms: number }
  /** What the node's connection tracking remembers of it. */
  | { readonly kind: 'tracked'; readonly node: string; readonly entries: readonly string[] }
  /** The node's rules beside those that kube-proxy should have written for the Services of now. */
  | { readonly kind: 'rules'; readonly node: string; readonly differences: readonly RuleDifference[] };

export interface TracedEndpoint {
  /** E.g. `10.244.1.4:8080`. */
  readonly at: string;
  /** Namespace and name; empty for what is no pod. */
  readonly pod: string;
  readonly node: string;
  /** Share of the calls that the rules lead there; 0 for one that they leave out. */
  readonly share: number;
  /** `unknown`: the rules lead there, and the API knows of no such endpoint. */
  readonly state: 'ready' | 'not-ready' | 'terminating' | 'unknown';
}
