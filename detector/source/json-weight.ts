const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;
const COMMA = 0x2c;
/** Of heap, for each object, list and item: measured with Node 20, where the smallest parts take 27 to 36. */
const PART_BYTES = 32;
const MAX_BYTES = 20 * 1024 * 1024;
/** Of a text: a shorter one cannot be too heavy. */
const LIGHT_LENGTH = Math.floor(MAX_BYTES / (1 + PART_BYTES));

/**
 * Whether a JSON text would take more memory when it is parsed than the engine can spare, whose heap has 64 MiB. Three million bytes of
 * `{},{},…`, which anybody who may create objects can have the API server write to its audit log, become 80 MB and would end it; an
 * event with as much text is no burden. Commas in texts count as well, so it errs to the safe side.
 */
export function isTooHeavy(text: string): boolean {
  if (text.length <= LIGHT_LENGTH) return false;
  let bytes = text.length;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === COMMA || code === OPEN_BRACE || code === OPEN_BRACKET) bytes += PART_BYTES;
  }
  return bytes > MAX_BYTES;
}
