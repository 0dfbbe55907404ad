import type { AlertDocument } from '../../../../detector/output/alert-document.ts';
import type { OutputKind, OutputOf } from '../../../../detector/config/outputs-schema.ts';
import { output } from '../../../../detector/config/outputs-schema.ts';

/** An alert as it leaves the engine. */
export function documentOf(more: Partial<AlertDocument> = {}): AlertDocument {
  return {
    time: '2026-01-02T03:04:05.123456789Z',
    rule: 'A rule',
    priority: 'Warning',
    source: 'syscall',
    hostname: 'node-1',
    output: '03:04:05.123456789: Warning it happened',
    tags: ['network'],
    output_fields: { 'proc.name': 'sh' },
    sequence: 7,
    latencyMs: 3,
    monotonicNs: '10',
    attribution: { node: 'node-1', namespace: 'shop', pod: 'web-0' },
    ...more,
  };
}

/** The configuration of an output as detector.yaml would give it, with the defaults. */
export function outputOf<K extends OutputKind>(kind: K, more: Readonly<Record<string, unknown>> = {}): OutputOf<K> {
  return output.parse({ kind, name: 'out', ...more }) as OutputOf<K>;
}
