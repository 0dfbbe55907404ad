import type { FieldReference } from '../event/field-table.ts';
import type { Extractor, FieldValue, Scalar } from '../event/types.ts';
import { isList, valueText } from '../event/value-text.ts';
import { readOptions } from './getopt.ts';
import { basename, byteLength, decodeBase64, decodeBase64Bytes, lowerAscii, upperAscii } from './transformers.ts';
import type { TypedInput, TypedOperand, TypedTransform } from './typed-operand.ts';

/** Finds how a field is read. */
export type FieldReader = (field: FieldReference) => Extractor;

/** Reads an operand: the field, and what its transformers make of it. Missing stays missing. */
export function operandExtractor(operand: TypedOperand, readField: FieldReader): Extractor {
  return operand.kind === 'field' ? readField(operand.field) : transformExtractor(operand, readField);
}

function transformExtractor(transform: TypedTransform, readField: FieldReader): Extractor {
  const [first, second] = transform.inputs;
  switch (transform.transformer) {
    case 'tolower':
      return mapped(first, readField, lowerAscii);
    case 'toupper':
      return mapped(first, readField, upperAscii);
    case 'basename':
      return mapped(first, readField, basename);
    case 'b64':
      return mapped(first, readField, transform.type === 'BYTEBUF' ? decodeBase64Bytes : decodeBase64);
    case 'len':
      return lengthExtractor(first, readField);
    case 'join':
      return joinExtractor(first, listItems(second), readField);
    case 'concat':
      return joinExtractor(undefined, transform.inputs, readField);
    case 'getopt':
      return optionExtractor(transform, readField);
  }
}

function inputExtractor(input: TypedInput | undefined, readField: FieldReader): Extractor {
  if (input === undefined) return () => undefined;
  if (input.kind === 'literal') return () => input.text;
  if (input.kind === 'inputs') return listExtractor(input.items, readField);
  return operandExtractor(input, readField);
}

/** Applies a text function to a value or to each of a list; undefined from it makes the whole missing. */
function mapped(
  input: TypedInput | undefined,
  readField: FieldReader,
  change: (text: string) => string | undefined,
): Extractor {
  const read = inputExtractor(input, readField);
  return (event) => {
    const value = read(event);
    if (value === undefined) return undefined;
    if (!isList(value)) return change(String(value));
    const changed = value.map((item) => change(String(item)));
    return changed.every((item) => item !== undefined) ? changed : undefined;
  };
}

function lengthExtractor(input: TypedInput | undefined, readField: FieldReader): Extractor {
  const read = inputExtractor(input, readField);
  const isBytes = input?.type === 'BYTEBUF';
  return (event) => {
    const value = read(event);
    if (value === undefined) return undefined;
    if (isList(value)) return value.length;
    return isBytes ? String(value).length : byteLength(String(value));
  };
}

function listItems(input: TypedInput | undefined): readonly TypedInput[] {
  if (input === undefined) return [];
  return input.kind === 'inputs' ? input.items : [input];
}

/** Texts in a row with a separator between them; missing when one of them is. */
function joinExtractor(
  separator: TypedInput | undefined,
  items: readonly TypedInput[],
  readField: FieldReader,
): Extractor {
  const readSeparator = separator === undefined ? () => '' : inputExtractor(separator, readField);
  const readItems = listExtractor(items, readField);
  return (event) => {
    const between = readSeparator(event);
    const texts = readItems(event);
    if (between === undefined || texts === undefined) return undefined;
    return isList(texts) ? texts.map(String).join(valueText(between)) : valueText(texts);
  };
}

/** All items as texts; a list field among them gives its items. */
function listExtractor(items: readonly TypedInput[], readField: FieldReader): Extractor {
  const readers = items.map((item) => inputExtractor(item, readField));
  return (event) => {
    const texts: string[] = [];
    for (const read of readers) {
      const value = read(event);
      if (value === undefined) return undefined;
      texts.push(...(isList(value) ? value.map(String) : [valueText(value)]));
    }
    return texts;
  };
}

function optionExtractor(transform: TypedTransform, readField: FieldReader): Extractor {
  const [wordsInput, optionsInput] = transform.inputs;
  const readWords = inputExtractor(wordsInput, readField);
  const readOptionString = inputExtractor(optionsInput, readField);
  const letter = transform.argument;
  return (event) => {
    const words = readWords(event);
    const optionString = readOptionString(event);
    if (words === undefined || optionString === undefined) return undefined;
    const options = readOptions(commandWords(words), String(optionString));
    return letter === undefined ? options.words : options.values.get(letter);
  };
}

/** A command line that comes as one text is taken apart at its blanks. */
function commandWords(words: FieldValue): readonly string[] {
  if (isList(words)) return words.map((word: Scalar) => String(word));
  return String(words)
    .split(' ')
    .filter((word) => word !== '');
}
