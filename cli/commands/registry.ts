import type { CommandModule } from '../command.ts';

export interface CommandEntry {
  /** One line for the list of commands; the rest of a command's help is in its module. */
  readonly summary: string;
  readonly hidden?: true;
  /** Loads the command's module; only the command that is asked for is loaded. */
  readonly load: () => Promise<CommandModule>;
}

/** Every command of kubedrill, in the order of `--help`. A name of two words is a command of a group. */
export const COMMANDS = {
  doctor: entry(
    'look at this machine: what a lab needs, what is missing; --fix mends it',
    async () => (await import('./doctor.ts')).command,
  ),
  up: entry('bring a lab up, or check the one that is up', async () => (await import('./up.ts')).command),
  status: entry('show the lab and its parts', async () => (await import('./status.ts')).command),
  down: entry('remove the lab and everything that belongs to it', async () => (await import('./down.ts')).command),
  pool: entry('keep prepared labs, which up takes in seconds', async () => (await import('./pool.ts')).command),
  shell: entry(
    'open a shell on a node, or one with kubectl set to the lab',
    async () => (await import('./shell.ts')).command,
  ),
  guide: entry('follow a guided lab, step by step', async () => (await import('./guide.ts')).command),
  list: entry('list the challenges', async () => (await import('./list.ts')).command),
  start: entry('start a challenge: something breaks', async () => (await import('./start.ts')).command),
  hint: entry('reveal the next hint of the running challenge', async () => (await import('./hint.ts')).command),
  answer: entry('answer the questions of the running challenge', async () => (await import('./answer.ts')).command),
  grade: entry('measure and grade the running challenge', async () => (await import('./grade.ts')).command),
  solution: entry('show the solution of a challenge', async () => (await import('./solution.ts')).command),
  stop: entry(
    'end the challenge, undo what it did, prove that nothing is left',
    async () => (await import('./stop.ts')).command,
  ),
  reset: entry(
    'bring the lab back to what it was when it came up, whatever was done to it',
    async () => (await import('./reset.ts')).command,
  ),
  verify: entry(
    'prove challenges on the real lab: fixes pass, cheats fail, nothing is left',
    async () => (await import('./verify.ts')).command,
  ),
  'net matrix': entry(
    'measure every path of the network model, with proof from both ends',
    async () => (await import('./net-matrix.ts')).command,
  ),
  'net watch': entry(
    'watch paths of the lab, 20 probes a second each',
    async () => (await import('./net-watch.ts')).command,
  ),
  'net trace': entry(
    'follow one request hop by hop: by which rules it goes where, and why not',
    async () => (await import('./net-trace.ts')).command,
  ),
  'detector tail': entry(
    'show the alerts of the lab as they come',
    async () => (await import('./detector-tail.ts')).command,
  ),
  'detector validate': entry(
    'load rule files and show every problem in them',
    async () => (await import('./detector-validate.ts')).command,
  ),
  'detector replay': entry(
    'run rules over recorded events',
    async () => (await import('./detector-replay.ts')).command,
  ),
  'detector record': entry(
    'write recorded events as a compact binary recording, which replays faster',
    async () => (await import('./detector-record.ts')).command,
  ),
  'detector filter': entry(
    'show which recorded events a condition matches',
    async () => (await import('./detector-filter.ts')).command,
  ),
  'detector fields': entry(
    'list the fields that rules can use, and which of them a lab fills',
    async () => (await import('./detector-fields.ts')).command,
  ),
  'detector why': entry(
    'explain why a rule fired on recorded events, or why it did not',
    async () => (await import('./detector-why.ts')).command,
  ),
  'detector test': entry(
    'run unit tests of rules, and show what of the rules they try',
    async () => (await import('./detector-test.ts')).command,
  ),
  'image build': entry(
    'obtain or build the images of a lab now',
    async () => (await import('./image-build.ts')).command,
  ),
  'image list': entry('list the images of labs on this machine', async () => (await import('./image-list.ts')).command),
  'bundle save': entry('write the images of a lab to one file', async () => (await import('./bundle-save.ts')).command),
  'bundle load': entry(
    'load the images of a lab from such a file',
    async () => (await import('./bundle-load.ts')).command,
  ),
  menu: entry('the guided menu', async () => (await import('./menu.ts')).command),
  'pool-refill': hiddenEntry(
    'what up leaves behind to refill the pool',
    async () => (await import('./pool-refill.ts')).command,
  ),
  quickstart: hiddenEntry('what npm start runs', async () => (await import('./quickstart.ts')).command),
} as const satisfies Readonly<Record<string, CommandEntry>>;

export type CommandName = keyof typeof COMMANDS;

function entry(summary: string, load: CommandEntry['load']): CommandEntry {
  return { summary, load };
}

function hiddenEntry(summary: string, load: CommandEntry['load']): CommandEntry {
  return { summary, load, hidden: true };
}
