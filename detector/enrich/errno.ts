import { constants } from 'node:os';

const NAMES: ReadonlyMap<number, string> = new Map(
  // EAGAIN and EWOULDBLOCK (and others) are one number: the first name is the usual one.
  Object.entries(constants.errno)
    .reverse()
    .map(([name, number]) => [number, name]),
);

/** `SUCCESS`, or the name of the error in a system call's result. */
export function resultText(result: number): string {
  return result >= 0 ? 'SUCCESS' : (NAMES.get(-result) ?? String(result));
}
