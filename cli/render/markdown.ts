import type { ChalkInstance } from 'chalk';

/** The little markdown that our texts use (headings, bold, code), for a terminal. */
export function markdown(text: string, style: ChalkInstance): string {
  let fenced = false;
  const lines = text.split('\n').flatMap((line) => {
    if (line.startsWith('```')) {
      fenced = !fenced;
      return [];
    }
    return [fenced ? style.cyan(`    ${line}`) : prose(line, style)];
  });
  return lines.join('\n');
}

function prose(line: string, style: ChalkInstance): string {
  const heading = /^#+ (.*)$/.exec(line)?.[1];
  if (heading !== undefined) return style.bold.underline(heading);
  return line
    .replaceAll(/\*\*([^*]+)\*\*/g, (_match, bold: string) => style.bold(bold))
    .replaceAll(/`([^`]+)`/g, (_match, code: string) => style.cyan(code));
}
