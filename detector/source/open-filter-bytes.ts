import { endianness } from 'node:os';
import type { OpenFilter } from '../prefilter/open-filter.ts';

/** `struct open_filter` of sensor/protocol.h with its tables, for a machine whose integers are little endian. */
export function encodeOpenFilter({ wanted, unwanted, inLastComponent, automaton }: OpenFilter): Buffer {
  const { states, rows, start, width, columns, found, next } = automaton;
  return Buffer.concat([
    bytesOf(wanted),
    bytesOf(unwanted),
    bytesOf(BigUint64Array.of(inLastComponent)),
    bytesOf(Uint32Array.of(states, rows, start, width)),
    columns,
    bytesOf(found),
    bytesOf(next),
  ]);
}

function bytesOf(numbers: BigUint64Array | Uint32Array | Uint16Array): Buffer {
  if (endianness() !== 'LE') throw new Error('the sensor knows little endian machines only');
  return Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}
