import { setMaxListeners } from 'node:events';
import { Command, CommanderError } from 'commander';
import { ExitCode, execaRunner, nearest, pathsFrom, systemClock } from '../core/index.ts';
import type { CommandModule } from './command.ts';
import { COMMANDS, type CommandName } from './commands/registry.ts';
import type { CliContext, GlobalOptions } from './context.ts';
import type { Io } from './io.ts';
import { parseInput } from './parse-input.ts';
import { renderError } from './render/error.ts';
import { progressReporter } from './render/progress.ts';
import { styleFor } from './render/style.ts';
import { version } from './version.ts';

const MAX_LISTENERS = 100;

type Env = Readonly<Record<string, string | undefined>>;

/** Runs one command line, and answers its exit code. Nothing below ends the process. */
export async function run(argv: readonly string[], io: Io, env: Env): Promise<ExitCode> {
  const interrupt = interruptSignal(io);
  let exitCode: ExitCode = ExitCode.done;
  try {
    const words = argv.length === 0 ? ['menu'] : argv.filter((word) => !word.startsWith('-'));
    const program = await buildProgram(words, io, async (module, program, raw, args) => {
      const context = contextFor(globalsFrom(program.opts(), env), io, env, interrupt.signal);
      exitCode = await module.run(parseInput(module, raw, args), context);
    });
    await program.parseAsync(argv.length === 0 ? words : [...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.done : ExitCode.usage;
    const verbosity = argv.includes('--verbose') ? 'verbose' : 'normal';
    const rendered = renderError(error, styleFor(io.stderrIsTty, env), verbosity);
    io.err(rendered.text);
    return rendered.exitCode;
  } finally {
    interrupt.release();
  }
}

type Action = (
  module: CommandModule,
  program: Command,
  raw: Readonly<Record<string, unknown>>,
  args: readonly unknown[],
) => Promise<void>;

/** The whole tree of commands by name and summary; only the one that is asked for is loaded. */
async function buildProgram(words: readonly string[], io: Io, action: Action): Promise<Command> {
  const program = withManners(new Command('kubedrill'), io)
    .description('Break a real Kubernetes cluster, repair it, and have the repair measured.')
    .version(version(), '-V, --version')
    .option('--name <lab>', 'the lab that the command is about (KUBEDRILL_LAB)')
    .option('--json', 'print the result as JSON')
    .option('--yes', 'do not ask, take yes')
    .option('--verbose', 'on failure also show the command and the stack')
    .addHelpText('after', '\nWithout a command: the guided menu.');
  const groups = new Map<string, Command>();
  for (const [name, { summary, hidden, load }] of Object.entries(COMMANDS)) {
    const [head = '', tail] = name.split(' ');
    const parent = tail === undefined ? program : groupOf(head, program, groups, io);
    const command = withManners(parent.command(tail ?? head, { hidden: hidden === true }), io).description(summary);
    if (isAskedFor(name as CommandName, words)) declare(command, await load(), program, action);
  }
  return program;
}

const GROUP_SUMMARIES: Readonly<Record<string, string>> = {
  net: 'look at the network, measured',
  detector: 'look at the runtime detector',
  image: 'the images that labs are made of',
  bundle: 'carry the images to a machine without a network',
};

function groupOf(name: string, program: Command, groups: Map<string, Command>, io: Io): Command {
  const known = groups.get(name);
  if (known) return known;
  const group = withManners(program.command(name), io).description(GROUP_SUMMARIES[name] ?? '');
  groups.set(name, group);
  return group;
}

/** True also for `help up`. */
function isAskedFor(name: CommandName, words: readonly string[]): boolean {
  const parts = name.split(' ');
  return words.some((_, start) => parts.every((part, index) => words[start + index] === part));
}

function declare(command: Command, module: CommandModule, program: Command, action: Action): void {
  for (const { syntax, says } of module.args ?? []) command.argument(syntax, says);
  for (const { flags, says, many } of module.options ?? []) {
    if (many)
      command.option(flags, says, (value: string, all: readonly string[]) => [...all, value], [] as readonly string[]);
    else command.option(flags, says);
  }
  if (module.examples)
    command.addHelpText('after', `\nExamples:\n${module.examples.map((line) => `  ${line}`).join('\n')}`);
  const names = (module.args ?? []).map(({ syntax }) => syntax.replaceAll(/[<>[\].]/g, ''));
  command.action(async (...passed: unknown[]) => {
    const args = passed.slice(0, names.length);
    const byName = Object.fromEntries(names.map((name, index) => [name, args[index]]));
    await action(module, program, { ...command.opts(), ...byName }, args);
  });
}

/** Help to stdout, usage errors to stderr with the nearest command; never process.exit. */
function withManners(command: Command, io: Io): Command {
  return command
    .exitOverride()
    .showSuggestionAfterError(false)
    .configureOutput({
      writeOut: (text) => io.out(text),
      writeErr: (text) => io.err(text),
      outputError: (text, write) => write(usageText(text)),
    });
}

/** Commander's one line as our three. */
function usageText(text: string): string {
  const why = text.replace(/^error: /, '').trim();
  const unknown = /unknown command '([^']+)'/.exec(why)?.[1];
  const near = unknown === undefined ? [] : nearest(unknown, Object.keys(COMMANDS));
  const hint = near.length > 0 ? near.map((name) => `kubedrill ${name}`).join(', or ') : 'kubedrill --help';
  return `that command line cannot be read\n${why}\nTry: ${hint}\n`;
}

function globalsFrom(options: Readonly<Record<string, unknown>>, env: Env): GlobalOptions {
  const name = options['name'];
  return {
    lab: typeof name === 'string' ? name : (env['KUBEDRILL_LAB'] ?? 'lab'),
    format: options['json'] === true ? 'json' : 'text',
    assumeYes: options['yes'] === true || env['CI'] === 'true' ? 'yes' : 'ask',
    verbosity: options['verbose'] === true ? 'verbose' : 'normal',
  };
}

function contextFor(globals: GlobalOptions, io: Io, env: Env, signal: AbortSignal): CliContext {
  // No signal here: what cleans up after a cancellation runs programs too. Cancellable work passes deps.signal on.
  const runner = execaRunner();
  const paths = pathsFrom(env);
  const reporter = progressReporter(io, styleFor(io.stderrIsTty, env), systemClock);
  const deps = { runner, paths, clock: systemClock, reporter, env, signal };
  return {
    ...deps,
    io,
    globals,
    style: styleFor(io.stdoutIsTty, env),
    deps,
    session: async () => {
      const { openSession } = await import('../labs/index.ts');
      return openSession(deps, globals.lab);
    },
  };
}

/** The first Ctrl-C asks the work to stop and clean up; a second one ends the process as if nobody listened. */
function interruptSignal(io: Io): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  // Every prober that is asked at the same time listens; more than this would be a leak.
  setMaxListeners(MAX_LISTENERS, controller.signal);
  // Not `once`: execa's own listener ends the process at a signal that it finds nobody else listening to.
  const stop = (signal: NodeJS.Signals): void => {
    if (controller.signal.aborted) {
      release();
      process.kill(process.pid, signal);
      return;
    }
    io.err('\nstopping and cleaning up (press Ctrl-C again to leave at once)\n');
    controller.abort();
  };
  const release = (): void => {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return { signal: controller.signal, release };
}
