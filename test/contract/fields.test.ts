import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fieldReference } from '../../cli/render/field-reference.ts';
import { fieldListSchema } from '../../cli/schemas/detector.ts';
import { packageRoot } from '../../core/index.ts';
import { parameterType } from '../../detector/event/event-types.ts';
import { createFieldTable } from '../../detector/event/field-table.ts';
import { PROVIDED } from '../../detector/enrich/provided.ts';
import { findFields } from '../../detector/index.ts';
import { cli } from '../support/cli.ts';

const { fields } = findFields();

test('docs/detector-fields.md is what `npm run docs` writes', () => {
  expect(readFileSync(join(packageRoot(), 'docs', 'detector-fields.md'), 'utf8')).toBe(fieldReference());
});

test('every field that is provided is in the list, and says what it is', () => {
  const described = new Set(fields.filter(({ description }) => /\w{2}/.test(description)).map(({ name }) => name));
  expect([...PROVIDED.fields].filter((name) => !described.has(name))).toEqual([]);
});

test('every argument of evt.arg that is provided is a parameter of some event', () => {
  expect([...PROVIDED.eventArguments].filter((name) => parameterType(name) === undefined)).toEqual([]);
});

test('the list says of types and lists what conditions are checked with', () => {
  const table = createFieldTable();
  for (const { name, argument, type, isList } of fields) {
    if (argument === 'required') continue;
    expect(table.resolve(name)).toMatchObject({ ok: true, field: { type, isList } });
  }
});

test('kubedrill detector fields --json has the documented form', async () => {
  const { exitCode, out } = await cli(['detector', 'fields', '--json']);
  expect(exitCode).toBe(0);
  expect(fieldListSchema.parse(JSON.parse(out)).fields).toHaveLength(fields.length);
});
