import { Chalk } from 'chalk';
import { progressReporter } from '../../../cli/render/progress.ts';
import { nobody } from '../../support/cli.ts';
import { fakeClock } from '../../support/clock.ts';

function recorded(tty: boolean) {
  let text = '';
  const io = {
    out: () => undefined,
    err: (more: string) => void (text += more),
    stdinIsTty: tty,
    stdoutIsTty: tty,
    stderrIsTty: tty,
    canPrompt: tty,
    columns: 80,
    prompter: nobody,
  };
  return { io, text: () => text };
}

describe('progress', () => {
  test('is a line when a stage begins and one when it ends where there is no terminal', async () => {
    const { io, text } = recorded(false);
    const clock = fakeClock();
    const reporter = progressReporter(io, new Chalk({ level: 0 }), clock);
    await reporter.stage('make a cluster', async (detail) => {
      detail('waiting for nodes');
      clock.advance(2500);
    });
    expect(text()).toBe('• make a cluster …\n✓ make a cluster (2.5 s)\n');
  });

  test('marks a stage that failed, and lets the error through', async () => {
    const { io, text } = recorded(false);
    const reporter = progressReporter(io, new Chalk({ level: 0 }), fakeClock());
    await expect(reporter.stage('pull', () => Promise.reject(new Error('no network')))).rejects.toThrow('no network');
    expect(text()).toContain('✗ pull');
  });

  test('indents stages within stages and what is said in them', async () => {
    const { io, text } = recorded(false);
    const reporter = progressReporter(io, new Chalk({ level: 0 }), fakeClock());
    await reporter.stage('outer', () =>
      reporter.stage('inner', async () => {
        reporter.warn('careful');
      }),
    );
    expect(text().split('\n')).toEqual([
      '• outer …',
      '  • inner …',
      '    ! careful',
      '  ✓ inner (0.0 s)',
      '✓ outer (0.0 s)',
      '',
    ]);
  });
});
