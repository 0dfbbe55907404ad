import { judgeOwnAddress } from '../../../../network/matrix/own-address.ts';
import type { MatrixCell } from '../../../../network/types.ts';
import { labFactsOf } from '../../../support/network-facts.ts';

const NAME = 'lab-worker/pod-a';
const ADDRESS = '10.244.1.2';
const FACTS = labFactsOf(['lab-control-plane', 'lab-worker']);

const seenAs = (...sources: readonly string[]): readonly MatrixCell[] =>
  sources.map((observedSource) => ({
    from: NAME,
    to: 'lab-control-plane/pod-a',
    row: 'M2',
    path: 'pod → pod, other node',
    protocol: 'tcp',
    ok: true,
    requirement: 'R1',
    ms: 1,
    observedSource,
  }));

describe("a pod's own address", () => {
  test('is global when all see it as it is', () => {
    expect(judgeOwnAddress(NAME, ADDRESS, seenAs(ADDRESS, ADDRESS), FACTS)).toEqual({
      verdict: { ok: true },
      observed: ADDRESS,
    });
  });

  test('is not when somebody sees another one', () => {
    expect(judgeOwnAddress(NAME, ADDRESS, seenAs(ADDRESS, '172.18.0.3'), FACTS).verdict).toMatchObject({
      error: 'wrong-source',
      detail: 'others see it as 172.18.0.3',
    });
  });

  test('is not when nobody saw it', () => {
    expect(judgeOwnAddress(NAME, ADDRESS, [], FACTS).verdict).toMatchObject({ error: 'unreachable' });
  });

  test('is not when it reads another one on its own interface', () => {
    expect(judgeOwnAddress(NAME, '10.244.9.9', seenAs('10.244.9.9'), FACTS).verdict).toMatchObject({
      error: 'wrong-source',
      detail: `it reads ${ADDRESS} on its interface, the API says 10.244.9.9`,
    });
  });

  test('is not when another prober or another pod has it too', () => {
    const twin = { ...FACTS, podAddresses: [...FACTS.podAddresses, { pod: 'shop/web-1', address: ADDRESS }] };
    expect(judgeOwnAddress(NAME, ADDRESS, seenAs(ADDRESS), twin).verdict).toMatchObject({
      detail: `${ADDRESS} is also the address of shop/web-1`,
    });
    const probers = FACTS.probers.map((one) => (one.name === 'lab-worker/pod-b' ? { ...one, own: [ADDRESS] } : one));
    expect(judgeOwnAddress(NAME, ADDRESS, seenAs(ADDRESS), { ...FACTS, probers }).verdict).toMatchObject({
      detail: `${ADDRESS} is also the address of lab-worker/pod-b`,
    });
  });
});
