/** Where the probes and the detector live. */
export const OWN_NAMESPACES = ['kubedrill-probes', 'kubedrill-system'] as const;
