/** Labels that kubedrill's images carry. */
export const LABEL = {
  /** `node`, `node-lab`, `toolbox` or `load-balancer`. */
  kind: 'io.kubedrill.image',
  kubernetes: 'io.kubedrill.kubernetes',
  /** Which source the node image came from. */
  source: 'io.kubedrill.source',
  /** Fingerprint of the recipe, where the tag does not carry it. */
  recipe: 'io.kubedrill.recipe',
} as const;
