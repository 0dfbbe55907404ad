import { measuredCard, questions } from '../../../../scenarios/catalogue/s05-split-brain-node/card.ts';
import type { Timeline } from '../../../../scenarios/catalogue/s05-split-brain-node/timeline.ts';

/** As measured on a lab with a short toleration. */
const short: Timeline = {
  unreachableMs: 52_000,
  withdrawnMs: 52_200,
  forgottenMs: 53_000,
  evictedMs: 62_100,
  twiceMs: 64_000,
};

test('the card answers every question in words that are allowed', () => {
  const card = measuredCard('lab-worker', short);
  expect(Object.keys(card).sort()).toEqual(questions.map(({ key }) => key).sort());
  for (const { key, allowed } of questions) if (key !== 'node') expect(allowed).toContain(card[key]);
});

test.each([
  ['a short patience', short, { 'given-up': 'about-50-s-later', withdrawn: 'at-once', replaced: '10-s-later' }],
  [
    'the patience that the API server writes into pods',
    { ...short, evictedMs: 352_000, twiceMs: 354_000 },
    { 'given-up': 'about-50-s-later', withdrawn: 'at-once', replaced: '5-min-later' },
  ],
])('with %s it says when each thing came', (_name, timeline, expected) => {
  expect(measuredCard('lab-worker', timeline)).toMatchObject(expected);
});
