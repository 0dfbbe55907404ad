/** Names of users and groups, by number. */
export type AccountNames = ReadonlyMap<number, string>;

/** Longer names are cut: no system has such, and it may be anybody who writes them. */
const MAX_NAME = 64;

/**
 * Reads /etc/passwd or /etc/group, which agree in what matters here: `name:x:number:…`. The first of a number wins, and
 * `maxNames` numbers are kept.
 */
export function parseAccounts(content: string, maxNames = Infinity): AccountNames {
  const names = new Map<number, string>();
  for (const line of content.split('\n')) {
    if (names.size >= maxNames) break;
    const [name, , number] = line.split(':', 3);
    if (name === undefined || name === '' || number === undefined || !/^\d{1,10}$/.test(number)) continue;
    if (!names.has(Number(number))) names.set(Number(number), name.slice(0, MAX_NAME));
  }
  return names;
}
