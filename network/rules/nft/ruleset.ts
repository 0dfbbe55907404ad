/** kube-proxy's own table as `nft -j list table` prints it; only what the translation looks at has a type. */
export interface NftRuleset {
  readonly chains: readonly NftChain[];
  /** Elements of sets and maps by name; those of a set have no verdict. */
  readonly elements: ReadonlyMap<string, readonly NftElement[]>;
}

export interface NftChain {
  readonly name: string;
  /** The hook of a base chain, e.g. `prerouting`; undefined for a chain that others call. */
  readonly hook: string | undefined;
  readonly type: string | undefined;
  readonly rules: readonly NftRule[];
}

export interface NftRule {
  readonly comment: string;
  readonly expressions: readonly NftExpression[];
}

export interface NftElement {
  /** E.g. `['10.96.0.1', 'tcp', 443]`. */
  readonly key: readonly unknown[];
  readonly comment: string;
  readonly verdict: NftExpression | undefined;
}

/** An object with one key, which says what it is, e.g. `{"goto": {"target": "…"}}`. */
export type NftExpression = Readonly<Record<string, unknown>>;

interface Listed {
  readonly chain?: { readonly name: string; readonly hook?: string; readonly type?: string };
  readonly rule?: { readonly chain: string; readonly comment?: string; readonly expr: readonly NftExpression[] };
  readonly set?: NamedElements;
  readonly map?: NamedElements;
}

interface NamedElements {
  readonly name: string;
  readonly elem?: readonly unknown[];
}

/** Reads `nft -j list table`. Fails with SyntaxError for what is no JSON. */
export function parseRuleset(text: string): NftRuleset {
  const listed = (JSON.parse(text) as { readonly nftables: readonly Listed[] }).nftables;
  const rules = listed.flatMap(({ rule }) => rule ?? []);
  return {
    chains: listed.flatMap(({ chain }) =>
      chain === undefined
        ? []
        : {
            ...{ name: chain.name, hook: chain.hook, type: chain.type },
            rules: rules
              .filter((rule) => rule.chain === chain.name)
              .map(({ comment = '', expr }) => ({ comment, expressions: expr })),
          },
    ),
    elements: new Map(
      listed.flatMap(({ set, map }) => [
        ...(set === undefined ? [] : [[set.name, (set.elem ?? []).map((key) => element(key, undefined))] as const]),
        ...(map === undefined ? [] : [[map.name, (map.elem ?? []).map(elementOfMap)] as const]),
      ]),
    ),
  };
}

function elementOfMap(pair: unknown): NftElement {
  const [key, verdict] = pair as readonly [unknown, NftExpression];
  return element(key, verdict);
}

/** A key may be bare, a concatenation, or either of them with a comment. */
function element(written: unknown, verdict: NftExpression | undefined): NftElement {
  const { elem } = (typeof written === 'object' ? written : {}) as {
    readonly elem?: { readonly val: unknown; readonly comment?: string };
  };
  const value = elem === undefined ? written : elem.val;
  const { concat } = (typeof value === 'object' ? value : {}) as { readonly concat?: readonly unknown[] };
  return { key: concat ?? [value], comment: elem?.comment ?? '', verdict };
}
