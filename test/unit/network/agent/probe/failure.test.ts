import { failureOf } from '../../../../../network/agent/probe/failure.ts';

const error = (code: string): Error => Object.assign(new Error(`connect ${code} 10.0.0.1:80`), { code });

describe('an error of the system', () => {
  test.each([
    ['ECONNREFUSED', 'refused'],
    ['ECONNRESET', 'reset'],
    ['EPIPE', 'reset'],
    ['ETIMEDOUT', 'timeout'],
    ['EHOSTUNREACH', 'unreachable'],
    ['ENETUNREACH', 'unreachable'],
    ['EINVAL', 'unreachable'],
    ['EACCES', 'unreachable'],
    ['EPERM', 'unreachable'],
    ['ESOMETHING', 'unreachable'],
  ])('%s is of class %s, in its own words', (code, expected) => {
    expect(failureOf(error(code))).toEqual({
      kind: 'failure',
      error: expected,
      detail: `connect ${code} 10.0.0.1:80`,
    });
  });
});
