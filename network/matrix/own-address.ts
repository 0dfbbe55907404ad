import { GOOD, bad, type Verdict } from '../agent/judge.ts';
import type { LabFacts } from '../lab/facts.ts';
import type { MatrixCell } from '../types.ts';

/** Rows in which a pod's own address reaches the server untranslated. */
const DIRECT_ROWS = ['M1', 'M2'];

/**
 * Whether a pod's address is global: it reads it on its own interface, other pods see it so, and nobody else has it.
 * `address` is the one that the API server publishes.
 */
export function judgeOwnAddress(
  name: string,
  address: string,
  cells: readonly MatrixCell[],
  facts: LabFacts,
): { readonly verdict: Verdict; readonly observed: string } {
  const seen = [
    ...new Set(
      cells
        .filter((cell) => cell.from === name && DIRECT_ROWS.includes(cell.row) && !cell.path.endsWith('IPv6'))
        .flatMap(({ observedSource }) => (observedSource === undefined ? [] : [observedSource])),
    ),
  ];
  return { verdict: verdictOn(name, address, seen, facts), observed: seen.join(', ') };
}

function verdictOn(name: string, address: string, seen: readonly string[], facts: LabFacts): Verdict {
  const own = facts.probers.find((prober) => prober.name === name)?.own ?? [];
  if (!own.includes(address))
    return bad('wrong-source', `it reads ${own.join(', ')} on its interface, the API says ${address}`);
  const others = ownersOf(address, facts).filter((owner) => owner !== name);
  if (others.length > 0) return bad('wrong-source', `${address} is also the address of ${others.join(', ')}`);
  if (seen.length === 0) return bad('unreachable', 'no other pod saw it');
  const wrong = seen.filter((one) => one !== address);
  return wrong.length === 0 ? GOOD : bad('wrong-source', `others see it as ${wrong.join(', ')}`);
}

/** Everything else in the lab that has the address: other probers on their interfaces, other pods by the API. */
function ownersOf(address: string, { probers, podAddresses }: LabFacts): readonly string[] {
  const onInterfaces = probers.filter(({ own }) => own?.includes(address) ?? false).map(({ name }) => name);
  const pods = podAddresses.filter((entry) => entry.address === address).map(({ pod }) => pod);
  // The prober's own pod is the one that the API must know with it.
  return [...onInterfaces, ...pods.slice(1)];
}
