import { nftTables, type NftTable } from '../nft-canonical.ts';

/** Tables whose owners write them again by themselves; what is there now is newer than any save. */
const KEPT_BY_OWNER = /^(kube-proxy|kindnet.*)$/;

/**
 * What `nft -f -` has to be fed for the tables that are not iptables' to be as they were saved: those that are missing or
 * changed are loaded anew, foreign ones deleted, in one transaction.
 */
export function nftText(saved: string, now: string): string {
  const [old, present] = [nftTables(saved), nftTables(now)];
  const find = (tables: readonly NftTable[], { family, name }: NftTable): NftTable | undefined =>
    tables.find((table) => table.family === family && table.name === name);
  const deletions = present
    .filter((table) => !(KEPT_BY_OWNER.test(table.name) && find(old, table)))
    .filter((table) => find(old, table)?.text !== table.text)
    .map(({ family, name }) => `delete table ${family} ${name}\n`);
  const additions = old
    .filter((table) => {
      const there = find(present, table);
      return there === undefined || (there.text !== table.text && !KEPT_BY_OWNER.test(table.name));
    })
    .map(({ text }) => text);
  return [...deletions, ...additions].join('');
}
