import { familyOf, type FieldType, type TypeFamily } from '../event/field-types.ts';
import type { Scalar } from '../event/types.ts';
import { canonicalAddress, isInNetwork, type Network } from './addresses.ts';
import type { Modifier, Operator } from './ast.ts';
import type { Constant } from './constants.ts';
import { containsBytes, hasBytesAt } from '../event/byte-text.ts';
import { compileGlob } from './glob.ts';
import { compilePathPrefixes } from './path-prefix.ts';
import { compileRegex } from './regex.ts';
import { lowerAscii } from './transformers.ts';

/** Answers whether one value passes. */
export type ValueTest = (value: Scalar) => boolean;

/** The test of an operator against constants that were read as the type. */
export function constantTest(
  operator: Operator,
  type: FieldType,
  constants: readonly Constant[],
  modifier: Modifier | undefined,
): ValueTest {
  const { family } = familyOf(type);
  if (modifier !== undefined) return modifiedTest(operator, family, constants, modifier);
  if (operator === 'pmatch') return textTest(compilePathPrefixes(constants.map(String)));
  if (operator === 'in' || operator === 'intersects') return memberTest(family, constants);
  const [constant] = constants;
  return constant === undefined ? () => false : singleTest(operator, family, constant);
}

/** The test of an operator between two values of the event. `in` and `intersects` compare for equality. */
export function pairTest(operator: Operator, type: FieldType): (left: Scalar, right: Scalar) => boolean {
  const { family } = familyOf(type);
  if (operator === 'glob' || operator === 'iglob') {
    return (left, right) => singleTest(operator, family, right)(left);
  }
  const equal = operator === 'in' || operator === 'intersects';
  return (left, right) => singleTest(equal ? '=' : operator, family, comparable(family, right))(left);
}

/** Spellings of an address differ; everything else is compared as it is. */
function comparable(family: TypeFamily, value: Scalar): Scalar {
  return family === 'address' && typeof value === 'string' ? address(value) : value;
}

function address(text: string): string {
  return text.includes(':') ? (canonicalAddress(text) ?? text) : text;
}

function memberTest(family: TypeFamily, constants: readonly Constant[]): ValueTest {
  if (family === 'net' || family === 'buffer') {
    return someOf(constants.map((constant) => singleTest('=', family, constant)));
  }
  const members = new Set<Constant>(constants);
  if (family === 'address') return textTest((text) => members.has(address(text)));
  return (value) => members.has(value);
}

function modifiedTest(
  operator: Operator,
  family: TypeFamily,
  constants: readonly Constant[],
  modifier: Modifier,
): ValueTest {
  const tests = constants.map((constant) => singleTest(operator, family, constant));
  if (tests.length === 0) return () => false;
  if (modifier === 'anyof') return someOf(tests);
  if (modifier === 'allof') return (value) => tests.every((test) => test(value));
  return (value) => tests.filter((test) => test(value)).length === 1;
}

function someOf(tests: readonly ValueTest[]): ValueTest {
  return (value) => tests.some((test) => test(value));
}

function singleTest(operator: Operator, family: TypeFamily, constant: Constant): ValueTest {
  if (typeof constant === 'object') return netTest(operator, constant);
  if (typeof constant !== 'string') return numberTest(operator, constant);
  if (family === 'address') return addressTest(operator, constant);
  return family === 'buffer' ? bufferTest(operator, constant) : stringTest(operator, constant);
}

function addressTest(operator: Operator, constant: string): ValueTest {
  const isEqual = textTest((text) => address(text) === constant);
  return operator === '!=' ? (value) => !isEqual(value) : isEqual;
}

function netTest(operator: Operator, network: Network): ValueTest {
  const isInside = textTest((text) => isInNetwork(text, network));
  return operator === '!=' ? (value) => !isInside(value) : isInside;
}

function bufferTest(operator: Operator, constant: string): ValueTest {
  const isEqual = textTest((bytes) => bytes.length === constant.length && hasBytesAt(bytes, constant, 0));
  switch (operator) {
    case 'contains':
    case 'bcontains':
      return textTest((bytes) => containsBytes(bytes, constant));
    case 'startswith':
    case 'bstartswith':
      return textTest((bytes) => hasBytesAt(bytes, constant, 0));
    case 'endswith':
      return textTest((bytes) => hasBytesAt(bytes, constant, bytes.length - constant.length));
    case '!=':
      return (value) => !isEqual(value);
    default:
      return isEqual;
  }
}

function stringTest(operator: Operator, constant: string): ValueTest {
  switch (operator) {
    case '=':
    case '==':
      return (value) => value === constant;
    case '!=':
      return (value) => value !== constant;
    case 'contains':
      return textTest((text) => text.includes(constant));
    case 'icontains':
      return containsIgnoringCase(constant);
    case 'startswith':
      return textTest((text) => text.startsWith(constant));
    case 'endswith':
      return textTest((text) => text.endsWith(constant));
    case 'glob':
      return textTest(compileGlob(constant));
    case 'iglob':
      return textTest(compileGlob(constant, { ignoreCase: true }));
    case 'regex':
      return regexTest(constant);
    case '<':
      return textTest((text) => compareBytes(text, constant) < 0);
    case '<=':
      return textTest((text) => compareBytes(text, constant) <= 0);
    case '>':
      return textTest((text) => compareBytes(text, constant) > 0);
    case '>=':
      return textTest((text) => compareBytes(text, constant) >= 0);
    case 'bcontains':
    case 'bstartswith':
    case 'in':
    case 'intersects':
    case 'pmatch':
      return () => false;
  }
}

function numberTest(operator: Operator, constant: number | bigint | boolean): ValueTest {
  switch (operator) {
    case '!=':
      return (value) => value !== constant;
    case '<':
      return (value) => value < constant;
    case '<=':
      return (value) => value <= constant;
    case '>':
      return (value) => value > constant;
    case '>=':
      return (value) => value >= constant;
    default:
      return (value) => value === constant;
  }
}

function containsIgnoringCase(constant: string): ValueTest {
  const wanted = lowerAscii(constant);
  return textTest((text) => lowerAscii(text).includes(wanted));
}

function regexTest(pattern: string): ValueTest {
  const regex = compileRegex(pattern);
  return regex.ok ? textTest(regex.matches) : () => false;
}

function compareBytes(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left, 'utf8'), Buffer.from(right, 'utf8'));
}

function textTest(test: (text: string) => boolean): ValueTest {
  return (value) => typeof value === 'string' && test(value);
}
