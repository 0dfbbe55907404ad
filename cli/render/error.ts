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

function partsOf(error: unknown): { readonly what: string; readonly why: string; readonly hint: string } {
  if (error instanceof KubedrillError) return error;
  return {
    what: 'kubedrill stumbled over something it did not expect',
    why: messageOf(error),
    hint: 'run the same command with --verbose, and report what it prints',
  };
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
