import { KubedrillError, ExitCode } from '../errors.ts';
import { prettyCommand } from './pretty-command.ts';

export interface RunFacts {
  readonly command: readonly string[];
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | undefined;
  readonly notFound: boolean;
  readonly timedOut: boolean;
  readonly canceled: boolean;
  readonly signal: string | undefined;
}

/** A program that could not be run or did not succeed; facts as booleans, so that nobody parses its text. */
export class RunError extends KubedrillError {
  readonly facts: RunFacts;

  constructor(facts: RunFacts, cause?: unknown) {
    super({
      what: `${facts.command[0] ?? ''} failed`,
      why: reason(facts),
      hint: `run it by hand: ${prettyCommand(facts.command)}`,
      exitCode: facts.canceled ? ExitCode.cancelled : facts.notFound ? ExitCode.toolMissing : ExitCode.failed,
      cause,
    });
    this.facts = facts;
  }
}

function reason(facts: RunFacts): string {
  if (facts.notFound) return `the program ${facts.command[0] ?? ''} was not found`;
  if (facts.canceled) return 'it was cancelled';
  if (facts.timedOut) return `it did not finish in time${lastWords(facts)}`;
  if (facts.signal !== undefined) return `it was ended by ${facts.signal}${lastWords(facts)}`;
  return `it exited with ${String(facts.exitCode)}${lastWords(facts)}`;
}

/** The last lines that the program said, which is where programs say why. */
function lastWords(facts: RunFacts): string {
  const text = facts.stderr.trim() === '' ? facts.stdout : facts.stderr;
  const lines = text.trim().split('\n').slice(-6).join('\n').trim();
  return lines === '' ? '' : `: ${lines}`;
}
