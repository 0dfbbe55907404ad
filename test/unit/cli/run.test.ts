import { cli } from '../../support/cli.ts';

describe('the command line', () => {
  test('prints its commands on stdout for --help and succeeds', async () => {
    const { exitCode, out, err } = await cli(['--help']);
    expect(exitCode).toBe(0);
    expect(out).toContain('start a challenge: something breaks');
    expect(out).not.toContain('quickstart');
    expect(err).toBe('');
  });

  test('prints the help of a command with its options', async () => {
    const { exitCode, out } = await cli(['up', '--help']);
    expect(exitCode).toBe(0);
    expect(out).toContain('--topology <name>');
    expect(out).toContain('kubedrill up --name second');
  });

  test('prints its version', async () => {
    expect((await cli(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test.each([
    { argv: ['strat', 'S01'], says: 'kubedrill start' },
    { argv: ['start'], says: "missing required argument 'id'" },
    { argv: ['start', 'S01', '--sed', '4'], says: "unknown option '--sed'" },
    { argv: ['start', 'S01', '--seed', 'x'], says: 'seed:' },
    { argv: ['start', 'S01', '--seed', '1.5'], says: 'must be a whole number' },
    { argv: ['up', '--topology', 'huge'], says: 'topology:' },
    { argv: ['up', '--kubernetes', 'latest'], says: 'must look like 1.35.4' },
    { argv: ['pool', '0'], says: 'kubedrill down --pool ends the pool' },
    { argv: ['pool', 'two'], says: 'size:' },
    { argv: ['verify'], says: 'neither a name nor --all was given' },
    { argv: ['verify', 'S01', '--shard', '4/3'], says: '4 is above 3' },
    { argv: ['detector', 'fields', 'proc.nmae'], says: 'the nearest: proc.name' },
    { argv: ['detector', 'fields', '--source', 'plugin'], says: 'source:' },
    { argv: ['detector', 'why', 'Terminal shel', '--events', 'x'], says: 'Terminal shell in container' },
    { argv: ['detector', 'filter', 'evt.num = 1'], says: 'events:' },
    { argv: ['detector', 'test'], says: "missing required argument 'files'" },
    { argv: ['detector', 'test', 'package.json'], says: 'package.json:1:1 does not have the form of rule tests' },
    { argv: ['detector', 'why', 'R', '--events', 'x', '--at', '-1'], says: 'at:' },
  ])('refuses $argv with exit code 2 and says why', async ({ argv, says }) => {
    const { exitCode, out, err } = await cli(argv);
    expect(exitCode).toBe(2);
    expect(err).toContain(says);
    expect(err.trimEnd().split('\n').at(-1)).toContain('Try:');
    expect(out).toBe('');
  });

  test('names the nearest challenges for one that it does not know', async () => {
    const { exitCode, err } = await cli(['start', 'flushed-iptable']);
    expect(exitCode).toBe(2);
    expect(err).toContain('flushed-iptables');
  });

  test('refuses the menu where nobody can be asked', async () => {
    const { exitCode, err } = await cli([]);
    expect(exitCode).toBe(2);
    expect(err).toContain('the menu needs a terminal');
  });
});
