import { stripVTControlCharacters } from 'node:util';

/** How many columns a text takes: escape sequences take none. */
export function visibleLength(text: string): number {
  return stripVTControlCharacters(text).length;
}
