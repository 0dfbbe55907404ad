import { ExitCode } from '../../../../core/index.ts';
import { architectureFrom } from '../../../../labs/images/architecture.ts';

describe('the architecture of images', () => {
  test.each([
    ['the host’s, by Go’s name', {}, 'x64', 'amd64'],
    ['arm64 on an arm64 host', {}, 'arm64', 'arm64'],
    ['GOARCH, where it is set', { GOARCH: 'arm64' }, 'x64', 'arm64'],
  ])('is %s', (_name, env, processArch, expected) => {
    expect(architectureFrom(env, processArch)).toBe(expected);
  });

  test.each([
    ['an unknown GOARCH', { GOARCH: 'riscv64' }, 'x64', 'riscv64'],
    ['a host without node images', {}, 's390x', 's390x'],
  ])('%s is a usage error that names it', (_name, env, processArch, named) => {
    expect(() => architectureFrom(env, processArch)).toThrow(
      expect.objectContaining({ exitCode: ExitCode.usage, what: expect.stringContaining(named) as string }) as Error,
    );
  });
});
