import { familyOf, type FieldType } from '../event/field-types.ts';
import { canonicalAddress, parseNetwork, type Network } from './addresses.ts';
import { SERVICE_PORTS } from './services.ts';
import { toByteString } from './transformers.ts';

/** A constant of a condition, read as the type it is compared with. */
export type Constant = string | number | bigint | boolean | Network;

export type ConstantResult =
  { readonly ok: true; readonly constant: Constant } | { readonly ok: false; readonly message: string };

/** Reads the text of a constant as a value of the type. */
export function parseConstant(text: string, type: FieldType): ConstantResult {
  const { family, bits } = familyOf(type);
  switch (family) {
    case 'string':
      return good(text);
    case 'buffer':
      return good(toByteString(text));
    case 'bool':
      return text === 'true' || text === 'false'
        ? good(text === 'true')
        : bad(`filter error: unrecognized boolean value ${text}`);
    case 'signed':
      return parseInteger(text, (value) => BigInt.asIntN(bits, clamp(value, -(2n ** 63n), 2n ** 63n - 1n)));
    case 'unsigned':
      return type === 'PORT' ? parsePort(text) : parseInteger(text, (value) => BigInt.asUintN(bits, value));
    case 'double':
      return parseInteger(text, (value) => value);
    case 'address':
      return orElse(canonicalAddress(text), `unrecognized IP address ${text}`);
    case 'net':
      return orElse(parseNetwork(text), `unrecognized IP network ${text}`);
    case 'opaque':
      return bad(`constants of type '${type}' are not supported`);
  }
}

/** Reads the hexadecimal digits of `bcontains` and `bstartswith` as a byte string. */
export function parseHexBytes(text: string): ConstantResult {
  if (text === '' || text.length % 2 === 1 || !/^[0-9a-fA-F]+$/.test(text)) {
    return bad(`filter error: unrecognized byte sequence '${text}', expected pairs of hexadecimal digits`);
  }
  return good(Buffer.from(text, 'hex').toString('latin1'));
}

/** Integers are numbers while they are safe ones, as in events, so that equal values are identical. */
export function toScalar(value: bigint): number | bigint {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

/** Decimal digits only: Falco reads no others, although its grammar has hexadecimal ones. */
function parseInteger(text: string, fit: (value: bigint) => bigint): ConstantResult {
  const digits = /^\s*\+?(-?\d+)$/.exec(text)?.[1];
  return digits === undefined ? bad(`${text} is not a valid number`) : good(toScalar(fit(BigInt(digits))));
}

function parsePort(text: string): ConstantResult {
  if (/^\d+$/.test(text)) return good(Number(BigInt.asUintN(16, BigInt(text))));
  return orElse(text === '' ? 0 : SERVICE_PORTS.get(text), `unrecognized protocol ${text}`);
}

function clamp(value: bigint, least: bigint, most: bigint): bigint {
  return value < least ? least : value > most ? most : value;
}

function orElse(constant: Constant | undefined, message: string): ConstantResult {
  return constant === undefined ? bad(message) : good(constant);
}

function good(constant: Constant): ConstantResult {
  return { ok: true, constant };
}

function bad(message: string): ConstantResult {
  return { ok: false, message };
}
