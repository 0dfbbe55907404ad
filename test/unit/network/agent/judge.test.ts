import { judgeAnswer, judgeRecords } from '../../../../network/agent/judge.ts';
import { signatureOf, type IdentityAnswer, type ProbeOutcome } from '../../../../network/agent/protocol.ts';

const KEY = { id: 'k', secret: 'secret' };

function answer(change: Partial<IdentityAnswer> = {}, secret = KEY.secret): ProbeOutcome {
  const plain = { identity: 'lab-worker/pod-a', nonce: 'n', observed: '10.0.0.1', own: ['10.0.0.2'], ...change };
  return { kind: 'answer', answer: { ...plain, signature: signatureOf(secret, plain) } };
}

function unsigned(identity: string): ProbeOutcome {
  return { kind: 'answer', answer: { identity, nonce: 'n', observed: '10.0.0.1', own: [] } };
}

describe('an answer', () => {
  test.each([
    ['of any prober, when nobody is named', answer(), undefined],
    ['of the one that is named', answer(), ['lab-worker/pod-a']],
    ['of a pod that is no prober, when it is named', unsigned('shop/web-1'), ['shop/web-*']],
  ])('is good: %s', (_, outcome, answerers) => {
    expect(judgeAnswer(outcome, { nonce: 'n', key: KEY, ...(answerers === undefined ? {} : { answerers }) })).toEqual({
      ok: true,
    });
  });

  test.each<[string, ProbeOutcome, readonly string[] | undefined, string, string]>([
    ['another prober', answer({ identity: 'lab-worker2/pod-a' }), ['lab-worker/pod-a'], 'wrong-identity', 'instead of'],
    ['an answer to another question', answer({ nonce: 'old' }), undefined, 'wrong-identity', 'another question'],
    ['a stranger, where probers are asked', unsigned('shop/web-1'), undefined, 'wrong-identity', 'a prober'],
    ['a prober without the key', unsigned('lab-worker/pod-a'), undefined, 'wrong-identity', 'lost the key'],
    ['a prober with another key', answer({}, 'other'), undefined, 'wrong-identity', 'another key'],
    ['a status', { kind: 'status', status: 404, detail: 'not found' }, undefined, 'wrong-status', 'HTTP 404'],
    ['a failure', { kind: 'failure', error: 'refused', detail: 'ECONNREFUSED' }, undefined, 'refused', 'ECONNREFUSED'],
    ['records', { kind: 'records', records: ['10.0.0.1'] }, undefined, 'wrong-identity', 'names'],
  ])('is bad: %s', (_, outcome, answerers, error, detail) => {
    const verdict = judgeAnswer(outcome, { nonce: 'n', key: KEY, ...(answerers === undefined ? {} : { answerers }) });
    expect(verdict).toMatchObject({ ok: false, error });
    expect(verdict.ok ? '' : verdict.detail).toContain(detail);
  });
});

describe('records', () => {
  test.each<[ProbeOutcome, readonly string[], string | undefined]>([
    [{ kind: 'records', records: ['10.0.0.1', '10.0.0.2'] }, ['10.0.0.2'], undefined],
    [{ kind: 'records', records: ['10.0.0.1'] }, [], undefined],
    [{ kind: 'records', records: ['10.0.0.1'] }, ['10.0.0.2'], 'wrong-identity'],
    [{ kind: 'records', records: [] }, [], 'dns-no-answer'],
    [{ kind: 'failure', error: 'dns-nxdomain', detail: 'no such name' }, [], 'dns-nxdomain'],
  ])('%j, of which %j is expected: %s', (outcome, expected, error) => {
    expect(judgeRecords(outcome, expected)).toMatchObject(error === undefined ? { ok: true } : { ok: false, error });
  });
});
