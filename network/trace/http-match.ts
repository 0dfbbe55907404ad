// Which rule of an Ingress or HTTPRoute takes a request: exact host first, then a star, then none; longest path first.

const HOST_WEIGHT = 10_000;

/** More for a name that is more exactly meant; undefined for one that does not take the host. */
export function weightOfHost(wanted: string | undefined, host: string): number | undefined {
  if (wanted === undefined || wanted === '') return 0;
  if (wanted === host) return 2 * HOST_WEIGHT;
  // A star stands for one label.
  return wanted.startsWith('*.') && host.replace(/^[^.]+/, '*') === wanted ? HOST_WEIGHT : undefined;
}

/** A prefix is one of whole elements: `/a` takes `/a/b`, and not `/ab`. */
export function takesPath(prefix: string, pathType: string | undefined, path: string): boolean {
  if (pathType === 'Exact') return path === prefix;
  const whole = prefix.endsWith('/') ? prefix : `${prefix}/`;
  return path === prefix || `${path}/`.startsWith(whole);
}
