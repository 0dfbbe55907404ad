/** Names of users and groups, by number. */
export type AccountNames = ReadonlyMap<number, string>;

/** Reads /etc/passwd or /etc/group, which agree in what matters here: `name:x:number:…`. The first of a number wins. */
export function parseAccounts(content: string): AccountNames {
  const names = new Map<number, string>();
  for (const line of content.split('\n')) {
    const [name, , number] = line.split(':');
    if (name === undefined || name === '' || number === undefined || !/^\d+$/.test(number)) continue;
    if (!names.has(Number(number))) names.set(Number(number), name);
  }
  return names;
}
