/**
 * A binary recording (.kdr) holds events as maps of fields, each text once:
 *
 *     file   = magic frame*
 *     frame  = u32 bytes of what follows · u32 flags · u32 bytes of the dictionary · dictionary · row*
 *     row    = u32 number · u32 number (high) · u32 time · u32 time (high) · u32 group of each part
 *
 * All integers are little-endian. The dictionary is JSON, padded with blanks to whole words, and has what the rows of
 * the frame need and frames before did not bring:
 *
 *     {"shapes": [[key, …], …], "values": [value, …], "groups": [[shape, value, …], …]}
 *
 * A group is the part of an event that often comes again with others: what the process was, what the descriptor was.
 * Groups name their shape and values by index, rows their groups; indexes count on from frame to frame, until a frame
 * with the flag FRESH starts from nothing.
 */
export const MAGIC = Buffer.from('KDREC\x00\x00\x01', 'latin1');

export const FRESH = 1;

/** The first word of a frame, which counts what follows it. */
export const SIZE_BYTES = 4;
export const FRAME_HEADER_BYTES = 12;
/** Beyond it a file is not a recording: the writer ends frames long before. */
export const MAX_FRAME_BYTES = 256 * 1024 * 1024;

/** Words of a row before its groups, and in all. */
export const GROUPS_AT = 4;
export const PARTS = 3;
export const ROW_WORDS = GROUPS_AT + PARTS;

/** Which part of an event a key belongs to: the call, the descriptor, or who did it. */
export function partOf(key: string): number {
  if (key.startsWith('evt.')) return 0;
  return key.startsWith('fd.') ? 1 : 2;
}
