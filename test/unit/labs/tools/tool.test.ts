import fc from 'fast-check';
import { isAtLeast, versionOf } from '../../../../labs/tools/tool.ts';
import { scriptedRunner } from '../../../support/scripted-runner.ts';

describe('versions', () => {
  test.each([
    ['0.30.0', '0.30.0', true],
    ['0.29.9', '0.30.0', false],
    ['0.33.0', '0.30.0', true],
    ['1.0.0', '0.30.0', true],
    ['0.30', '0.30.0', true],
    ['0.30', '0.30.1', false],
  ])('%s is at least %s: %s', (version, least, expected) => {
    expect(isAtLeast(version, least)).toBe(expected);
  });

  test('of two different versions, one is the greater', () => {
    const version = fc.tuple(fc.nat(50), fc.nat(50), fc.nat(50)).map((parts) => parts.join('.'));
    fc.assert(fc.property(version, version, (a, b) => a === b || isAtLeast(a, b) !== isAtLeast(b, a)));
  });

  test.each([
    ['kind version 0.33.0\n', '0.33.0'],
    ['go version go1.26.8 linux/amd64\n', '1.26.8'],
    ['go version go1.26 linux/amd64\n', '1.26'],
    ['Client Version: v1.35.4\nKustomize Version: v5.7.1\n', '1.35.4'],
    ['no number here\n', undefined],
  ])('are read from %j', async (stdout, expected) => {
    expect(await versionOf('x', ['version'], scriptedRunner({ command: 'x version', stdout }))).toBe(expected);
  });

  test('a program that is not there, or fails, has none', async () => {
    expect(await versionOf('x', ['version'], scriptedRunner({ command: 'x version', missing: true }))).toBeUndefined();
    expect(await versionOf('x', ['version'], scriptedRunner({ command: 'x version', exitCode: 2 }))).toBeUndefined();
  });
});
