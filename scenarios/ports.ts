import type { KubeClient, KubeObject } from '../core/index.ts';
import type { Shortfall } from '../detector/index.ts';
import type { FreshPicture, HeldShell, HoldShellRequest, LabSnapshot, Residue, Session } from '../labs/index.ts';
import type { MatrixReport, MeterPath, MeterReading, NodeRuleDifferences } from '../network/index.ts';
import type { RegistryEntry } from './registry.ts';

/**
 * Everything that runs, faults and grades may use of the world. Passed in, so that all of them can be tried against a
 * world made of plain objects; `environmentOf` makes the real one.
 */
export interface RunEnvironment {
  readonly session: Session;
  readonly labs: LabsPort;
  readonly network: NetworkPort;
  readonly detector: DetectorPort;
  /** The challenges that there are; for all but tests the registry. */
  readonly catalogue: readonly RegistryEntry[];
}

export interface LabsPort {
  /** Runs `work` while no other process may change the lab. */
  withLock<T>(purpose: string, work: () => Promise<T>): Promise<T>;
  takeSnapshot(): Promise<LabSnapshot>;
  /** The picture of the lab from when it had come up. */
  freshPicture(): Promise<FreshPicture>;
  /** Tells the cluster that the API server serves from any other; fails when it does not answer. */
  clusterId(): Promise<string>;
  /** What of nodes, pods and add-ons is not ready, in words; empty when all is. */
  unready(): Promise<string>;
  /** Those of these pods (with the ReplicaSets beside them) that are not as the controlled pods of the picture. */
  foreignPods(before: LabSnapshot, objects: readonly KubeObject[]): readonly KubeObject[];
  compareSnapshots(before: LabSnapshot, after: LabSnapshot): readonly Residue[];
  /** Puts back what is missing and removes what was added; all tables when none are named. */
  restoreNode(node: string, before: LabSnapshot, tables?: readonly string[]): Promise<void>;
  /** Puts every node's files and services back; where it had to, waits for the API server, which need not answer before. */
  reviveNodes(before: LabSnapshot, detail: (text: string) => void): Promise<void>;
  holdShell(request: HoldShellRequest): Promise<HeldShell>;
  shells(): Promise<readonly HeldShell[]>;
  typeInto(id: string, text: string): Promise<void>;
  endShell(id: string): Promise<void>;
  /** The same world through a session that no signal cancels: for cleaning up after Ctrl-C. */
  afresh(): Promise<RunEnvironment>;
  /** Gives the grader its rights and a kubeconfig of its own. */
  prepareGrader(): Promise<void>;
  /** The same world as the grader sees it: it may only read. Undefined when it has no access of its own, or lost it. */
  asGrader(): Promise<RunEnvironment | undefined>;
  /** A client that speaks as somebody else. */
  kubeAs(kubeconfig: string): Promise<KubeClient>;
}

export interface NetworkPort {
  /** The whole matrix, or only these rows of it. */
  matrix(rows?: readonly string[]): Promise<MatrixReport>;
  standardPaths(): Promise<readonly MeterPath[]>;
  startMeter(paths: readonly MeterPath[]): Promise<void>;
  readMeter(): Promise<readonly MeterReading[]>;
  stopMeter(): Promise<void>;
  /** What differs on each node from the rules that kube-proxy should have written. */
  ruleDifferences(): Promise<readonly NodeRuleDifferences[]>;
}

/** An alert as the detector reported it. */
export interface SeenAlert {
  readonly rule: string;
  readonly priority: string;
  readonly source: string;
  /** Node whose engine raised it. */
  readonly node: string;
  /** Time of the event that raised it: wall clock, milliseconds since 1970. */
  readonly timeMs: number;
  /** From the event to the alert. */
  readonly latencyMs: number;
  readonly about: AlertSubject;
}

/** Who and where an alert is about; absent parts are not known. */
export interface AlertSubject {
  readonly namespace?: string;
  readonly pod?: string;
  readonly container?: string;
  /** Of an audit event the API user, of a system call the account. */
  readonly user?: string;
}

export interface DetectorReading {
  readonly alerts: readonly SeenAlert[];
  /** Events lost in that time, over all nodes. */
  readonly drops: number;
  /** The same by node and cause. */
  readonly losses: readonly Shortfall[];
  /** What makes the reading unreliable: engines that do not answer or were restarted, missing sequence numbers, no heartbeat. */
  readonly gaps: readonly string[];
  /** What an expected alert may be missing for, though no event was lost. */
  readonly excuses: readonly Shortfall[];
  /** The source of each rule that an engine runs, by the rule's name. */
  readonly sources: Readonly<Record<string, string>>;
  /** Hash of the rules that each node's engine runs. */
  readonly rulesets: Readonly<Record<string, string>>;
}

export interface DetectorPort {
  /** Everything since `sinceMs` (wall clock, milliseconds since 1970); what is wrong with a reading is in it. */
  read(sinceMs: number): Promise<DetectorReading>;
}
