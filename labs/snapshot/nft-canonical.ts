import { withLineages, type Surroundings } from './surroundings.ts';

/** One table as `nft list table` prints it. */
export interface NftTable {
  readonly family: string;
  readonly name: string;
  /** As printed, to be loaded again. */
  readonly text: string;
}

/** Splits a listing of several tables. */
export function nftTables(listing: string): readonly NftTable[] {
  return listing.split(/^(?=table )/m).flatMap((text) => {
    const [, family, name] = /^table (\S+) (\S+) \{/.exec(text) ?? [];
    return family === undefined || name === undefined ? [] : [{ family, name, text }];
  });
}

/**
 * Tables that are not iptables' as lines, each with the blocks that it is in. Counters are taken out, and pod addresses read
 * as the pods' lineage, in whatever order the set printed them.
 */
export function canonicalNft(listing: string, surroundings: Surroundings): readonly string[] {
  return nftTables(listing).flatMap(({ family, name, text }) => {
    const table = `${family} ${name}`;
    return [`table ${table}`, ...blockLines(text, surroundings).map((line) => `${table} ${line}`)];
  });
}

function blockLines(text: string, surroundings: Surroundings): readonly string[] {
  const lines: string[] = [];
  const blocks: string[] = [];
  for (const line of joinedLists(text).split('\n').slice(1)) {
    const words = line.trim();
    if (words === '' || words.startsWith('#')) continue;
    if (words === '}') {
      blocks.pop();
    } else if (words.endsWith('{')) {
      blocks.push(words.slice(0, -1).trim());
      lines.push(blocks.join(' '));
    } else {
      const rule = words.replace(/counter packets \d+ bytes \d+/g, 'counter').replace(/ expires \S+/g, '');
      lines.push(`${blocks.join(' ')}: ${sortedElements(withLineages(rule, surroundings))}`);
    }
  }
  return lines;
}

/** Elements of a set continue on the next line after a comma. */
function joinedLists(text: string): string {
  return text.replace(/,\s*\n\s*/g, ', ');
}

function sortedElements(line: string): string {
  const [, before, elements] = /^(elements = )\{ (.*) \}$/.exec(line) ?? [];
  if (before === undefined || elements === undefined) return line;
  return `${before}{ ${[...new Set(elements.split(', '))].sort().join(', ')} }`;
}
