/** One canonical picture of a lab, comparable with another of the same lab. Plain JSON. */
export interface LabSnapshot {
  readonly apiVersion: string;
  readonly takenAt: string;
  readonly nodes: readonly NodeSnapshot[];
  /** Canonical API objects (no managedFields, versions, statuses), keyed `apiVersion/Kind/namespace/name`. */
  readonly objects: Readonly<Record<string, string>>;
}

export interface NodeSnapshot {
  readonly node: string;
  /**
   * Canonical lines per table, e.g. `ip filter`, `ip6 nat`, `nft`, `routes`, `rules`, `addresses`, `sysctls`, `hosts`,
   * `resolver`, `files`, `units`, `devices`. What changes by itself (counters, veth names, KUBE-SEP hashes, Docker's
   * random ports, canary chains) is normalised away.
   */
  readonly tables: Readonly<Record<string, readonly string[]>>;
  /**
   * What `restore` puts back, uncanonicalised: e.g. `iptables-save` texts, hosts and resolver files, keyed by table; and
   * `archive`, the files of the table `files` as a gzipped tar in base64, except for large programs. It holds keys.
   */
  readonly raw: Readonly<Record<string, string>>;
}

/** One difference between two pictures. */
export type Residue =
  | {
      readonly kind: 'node';
      readonly node: string;
      readonly table: string;
      readonly line: string;
      readonly change: 'added' | 'missing';
    }
  | {
      readonly kind: 'object';
      readonly object: string;
      readonly change: 'added' | 'missing' | 'changed';
      /** For `changed`: the fields, as JSON paths with both values. */
      readonly detail: string;
    };
