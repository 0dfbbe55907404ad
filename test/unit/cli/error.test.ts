import { Chalk } from 'chalk';
import { renderError } from '../../../cli/render/error.ts';
import { ExitCode, KubedrillError, RunError } from '../../../core/index.ts';

const plain = new Chalk({ level: 0 });
const failedRun = new RunError({
  command: ['docker', 'run', 'a b'],
  stdout: '',
  stderr: 'no such image\n',
  exitCode: 125,
  notFound: false,
  timedOut: false,
  canceled: false,
  signal: undefined,
});

describe('an error', () => {
  test('reads as three lines: what, why, and what to try', () => {
    const error = new KubedrillError({
      what: 'no lab',
      why: 'nothing is up',
      hint: 'kubedrill up',
      exitCode: ExitCode.noLab,
    });
    expect(renderError(error, plain, 'normal')).toEqual({
      text: 'no lab\nnothing is up\nTry: kubedrill up\n',
      exitCode: 5,
    });
  });

  test('of a program carries its last words and the command to paste', () => {
    const { text, exitCode } = renderError(failedRun, plain, 'normal');
    expect(exitCode).toBe(1);
    expect(text).toContain('no such image');
    expect(text).toContain("docker run 'a b'");
  });

  test.each([
    ['of the system', new Error('ENOSPC: no space left on device, write'), 'then try again'],
    [
      'in the words of a program',
      new KubedrillError({ what: 'up failed', why: 'write /blob: no space left on device', hint: 'kubedrill down' }),
      'then kubedrill down',
    ],
  ])('%s about a full disk says to free some space first', (_whose, error, hint) => {
    const { text } = renderError(error, plain, 'normal');
    expect(text).toContain('no space left on device');
    expect(text).toMatch(/\nTry: free some space .*kubedrill doctor/);
    expect(text.trimEnd().endsWith(hint)).toBe(true);
  });

  test('shows commands and stacks of all causes only when asked', () => {
    const error = new KubedrillError({ what: 'up failed', why: 'x', hint: 'y', cause: failedRun });
    expect(renderError(error, plain, 'normal').text).not.toContain('Command:');
    expect(renderError(error, plain, 'verbose').text).toContain("Command: docker run 'a b'");
  });

  test('that nobody foresaw asks for a report', () => {
    expect(renderError(new TypeError('x is not a function'), plain, 'normal').text).toContain('--verbose');
  });

  test.each(['AbortError', 'ExitPromptError'])('%s is a cancellation, exit code 130', (name) => {
    const error = Object.assign(new Error('gone'), { name });
    expect(renderError(error, plain, 'normal')).toEqual({ text: 'cancelled\n', exitCode: 130 });
  });
});
