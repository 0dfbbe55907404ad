import { z } from 'zod';
import { parsePriority } from '../alert/priority.ts';
import type { Priority } from '../alert/types.ts';

const text = z.string().min(1);
const milliseconds = z.number().int().min(10).max(600_000);
const bytes = z
  .number()
  .int()
  .min(480)
  .max(64 * 1024 * 1024);
const port = z.number().int().min(1).max(65_535);

/** A priority by its name, in any case. */
export const priority = z.string().transform((name, context): Priority => {
  const known = parsePriority(name);
  if (known !== undefined) return known;
  context.addIssue({ code: 'custom', message: `no priority is called "${name}"` });
  return z.NEVER;
});

const selected = { rules: z.array(text).default([]), tags: z.array(text).default([]) };

/** What every output has, whatever its kind. */
const common = {
  /** By which statistics and log lines call it. */
  name: z.string().regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, 'a name has small letters, digits and hyphens only'),
  priority: priority.default('Debug'),
  ...selected,
  except: z.strictObject(selected).default({ rules: [], tags: [] }),
  rate: z
    .strictObject({ per_second: z.number().positive().max(10_000), burst: z.number().int().min(1).max(100_000) })
    .optional(),
  queue: z.number().int().min(1).max(100_000).default(1_000),
  attempts: z.number().int().min(1).max(1_000).default(8),
  timeout_ms: milliseconds.default(10_000),
};

const format = z.enum(['text', 'json']);

const syslogTarget = z
  .string()
  .regex(/^(unix:\/.+|(udp|tcp):\/\/[^/\s]+:\d{1,5})$/, 'a target is unix:/PATH, udp://HOST:PORT or tcp://HOST:PORT');

const webhookUrl = z.url({ protocol: /^https?$/, error: 'a URL begins with http:// or https://' });

/** One output, by its kind. */
export const output = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('stdout'), ...common, format: format.default('json') }),
  z.strictObject({
    kind: z.literal('file'),
    ...common,
    format: format.default('json'),
    path: z.string().startsWith('/', 'a path begins with /'),
    max_bytes: bytes.default(10 * 1024 * 1024),
    keep: z.number().int().min(0).max(100).default(3),
  }),
  z.strictObject({
    kind: z.literal('syslog'),
    ...common,
    format: format.default('text'),
    target: syslogTarget,
    facility: z.number().int().min(0).max(23).default(16),
    framing: z.enum(['octets', 'lines']).default('octets'),
    max_bytes: bytes.default(8_192),
  }),
  z.strictObject({
    kind: z.literal('program'),
    ...common,
    format: format.default('json'),
    command: z.array(z.string()).min(1, 'a command has at least the program'),
    keep_alive: z.boolean().default(true),
  }),
  z.strictObject({
    kind: z.literal('webhook'),
    ...common,
    format: format.default('json'),
    url: webhookUrl,
    headers: z.record(z.string().regex(/^[\w-]+$/, 'no name of a header'), z.string()).default({}),
    bearer_token_file: text.optional(),
    ca_file: text.optional(),
    cert_file: text.optional(),
    key_file: text.optional(),
  }),
  z.strictObject({ kind: z.literal('kubernetes-event'), ...common }),
]);

export const listenAddress = z
  .strictObject({ address: z.enum(['127.0.0.1', '::1']).default('127.0.0.1'), port })
  .optional();

export type OutputConfig = z.output<typeof output>;
export type OutputKind = OutputConfig['kind'];
/** The configuration of one kind of output. */
export type OutputOf<K extends OutputKind> = Extract<OutputConfig, { readonly kind: K }>;
