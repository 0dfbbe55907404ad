/** What a node's dump has to be read against: who holds which address right now. */
export interface Surroundings {
  /** Pod address → the pods' lineage, e.g. `shop/Deployment/web`; host-network pods are not in it. */
  readonly lineageByIp: ReadonlyMap<string, string>;
  /** Ports at which Docker's resolver listens on 127.0.0.11 in the node; it picks new ones whenever the node starts. */
  readonly dnsPorts: Readonly<Record<'tcp' | 'udp', ReadonlySet<string>>>;
}

const IPV4 = String.raw`(?<![0-9A-Za-z.])\d{1,3}(?:\.\d{1,3}){3}(?![0-9A-Za-z.])`;
const IPV6 = String.raw`(?<![0-9A-Za-z.:])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?![0-9A-Za-z.:])`;
const ADDRESS = new RegExp(`${IPV4}|${IPV6}`, 'g');

/**
 * The text with pod addresses replaced by the lineage of the pod: a pod that its controller has replaced reads the same,
 * the address of a pod that is gone stays as it is.
 */
export function withLineages(text: string, { lineageByIp }: Surroundings): string {
  return text.replace(ADDRESS, (address) => {
    const lineage = lineageByIp.get(address);
    return lineage === undefined ? address : `{${lineage}}`;
  });
}
