import { killCommand } from '../../../cli/kill-command.ts';
import { execaRunner, systemClock } from '../../../core/index.ts';

const deps = { runner: execaRunner(), clock: systemClock };

/** A program that announces its stages as kubedrill does, and then does what the script says. */
const announcing = (script: string): ReturnType<typeof killCommand> =>
  killCommand(deps, [process.execPath, '--input-type=module', '--eval', script, '--'], 'lab');

const say = (stage: string): string => `process.stderr.write('• ${stage} …\\n');`;
/** Longer than any test waits; ends at no signal that it can catch. */
const GO_ON = "process.on('SIGTERM', () => undefined); setTimeout(() => undefined, 600_000);";

describe('a command that is to be killed in a stage', () => {
  test.each([0, 50])(
    'is killed %s ms after it says that it begins it, whatever it does about signals',
    async (afterMs) => {
      const kill = announcing(`${GO_ON} ${say('Looking')} ${say('Breaking the lab')}`);
      expect(await kill(['start'], { stage: 'Breaking the lab', afterMs })).toBe('killed');
    },
  );

  test('is over when it ends without saying so', async () => {
    expect(await announcing(say('Looking'))(['grade'], { stage: 'Breaking the lab', afterMs: 0 })).toBe('ended');
  });

  test('is over, not failed, when a grade did not pass', async () => {
    expect(await announcing('process.exitCode = 3')(['grade'], { stage: 'Looking', afterMs: 0 })).toBe('ended');
  });

  test('tells why when it fails by itself', async () => {
    const kill = announcing("process.stderr.write('no lab\\n'); process.exitCode = 5");
    await expect(kill(['stop'], { stage: 'Looking', afterMs: 0 })).rejects.toMatchObject({
      why: expect.stringContaining('no lab'),
    });
  });

  test('is told the lab', async () => {
    const kill = announcing("process.exitCode = process.argv.slice(-3).join(' ') === 'stop --name lab' ? 0 : 1");
    expect(await kill(['stop'], { stage: 'Looking', afterMs: 0 })).toBe('ended');
  });
});
