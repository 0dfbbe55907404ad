import { isTooHeavy } from '../../../../detector/source/json-weight.ts';

const MIB = 1024 * 1024;

function listOf(part: string, bytes: number): string {
  return `[${`${part},`.repeat(Math.floor(bytes / (part.length + 1)))}0]`;
}

const EVENT = JSON.stringify({
  ...{ kind: 'Event', level: 'Request', auditID: 'c20370ec-e857-4ef9-bb2b-4dd8f5e0c22b', verb: 'create' },
  objectRef: { resource: 'configmaps', namespace: 'shop', name: 'settings', apiVersion: 'v1' },
  requestObject: { kind: 'ConfigMap', data: { motd: 'welcome to the shop', colour: 'blue' } },
});

describe('isTooHeavy', () => {
  test.each([
    ['12 MiB of one text', JSON.stringify('x'.repeat(12 * MIB - 2))],
    ['4 MiB of audit events', listOf(EVENT, 4 * MIB)],
    ['half a MiB of the smallest parts there are', listOf('{}', MIB / 2)],
  ])('takes %s', (_what, text) => {
    expect(isTooHeavy(text)).toBe(false);
  });

  test.each([
    ['3 MiB of empty objects', listOf('{}', 3 * MIB)],
    ['3 MiB of empty lists', listOf('[]', 3 * MIB)],
    ['12 MiB of numbers', listOf('1', 12 * MIB)],
    ['21 MiB of one text', JSON.stringify('x'.repeat(21 * MIB))],
  ])('refuses %s', (_what, text) => {
    expect(isTooHeavy(text)).toBe(true);
  });
});
