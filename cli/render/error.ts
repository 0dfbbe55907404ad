import type { ChalkInstance } from 'chalk';
import { ExitCode, KubedrillError, RunError, messageOf, prettyCommand } from '../../core/index.ts';

export interface RenderedError {
  readonly text: string;
  readonly exitCode: ExitCode;
}

/** An error as three lines: what failed, why, what to try. With `verbose` also the pasteable command and the stack. */
export function renderError(error: unknown, style: ChalkInstance, verbosity: 'normal' | 'verbose'): RenderedError {
  if (isCancel(error)) {
    return { text: `${style.yellow('cancelled')}\n`, exitCode: ExitCode.cancelled };
  }
  const parts = partsOf(error);
  const lines = [style.red(parts.what), parts.why, `${style.bold('Try:')} ${parts.hint}`];
  if (verbosity === 'verbose') lines.push(...details(error));
  return {
    text: `${lines.join('\n')}\n`,
    exitCode: error instanceof KubedrillError ? error.exitCode : ExitCode.failed,
  };
}

interface Parts {
  readonly what: string;
  readonly why: string;
  readonly hint: string;
}

/** How the system, and every program that passes its words on, says that a disk is full. */
const DISK_FULL = /no space left on device/i;

function partsOf(error: unknown): Parts {
  if (DISK_FULL.test(messageOf(error))) return diskFull(error);
  if (error instanceof KubedrillError) return error;
  return {
    what: 'kubedrill stumbled over something it did not expect',
    why: messageOf(error),
    hint: 'run the same command with --verbose, and report what it prints',
  };
}

function diskFull(error: unknown): Parts {
  const free = 'free some space (kubedrill doctor says how much is needed where)';
  if (error instanceof RunError) return { what: error.what, why: error.why, hint: `${free}, then try again` };
  if (error instanceof KubedrillError) return { what: error.what, why: error.why, hint: `${free}, then ${error.hint}` };
  return { what: 'kubedrill could not write', why: messageOf(error), hint: `${free}, then try again` };
}

/** Ctrl-C: our own abort, or inquirer's prompt that was closed. */
function isCancel(error: unknown): boolean {
  if (error instanceof RunError) return error.facts.canceled;
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'ExitPromptError');
}

function details(error: unknown): readonly string[] {
  const lines: string[] = [];
  for (let current = error; current instanceof Error; current = current.cause) {
    if (current instanceof RunError) lines.push(`Command: ${prettyCommand(current.facts.command)}`);
    lines.push(current.stack ?? current.message);
  }
  return lines;
}
