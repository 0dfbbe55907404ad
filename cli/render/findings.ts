import type { ChalkInstance } from 'chalk';
import type { Finding } from '../../labs/index.ts';

/** What doctor saw, one line each; the mark says whether a lab can do without it. */
export function findingsTable(findings: readonly Finding[], style: ChalkInstance): string {
  const lines = findings.map((finding) => {
    const fix = finding.ok || !finding.fix ? '' : `\n    ${style.dim(`mend: ${finding.fix.says}`)}`;
    return `${mark(finding, style)} ${finding.says}: ${finding.observed}${fix}`;
  });
  return `${lines.join('\n')}\n`;
}

/** What would be installed, started or changed, with the commands. */
export function fixList(broken: readonly Finding[]): string {
  const lines = broken.flatMap(({ says, observed, fix }) => [
    `• ${says}: ${observed}`,
    ...(fix
      ? [
          `  ${fix.kind === 'automatic' ? 'kubedrill will' : 'by hand'}: ${fix.says}`,
          ...fix.commands.map((line) => `    $ ${line}`),
        ]
      : ['  no known way to mend it']),
  ]);
  return ['What is missing on this machine, and what would be done:', ...lines].join('\n');
}

function mark({ ok, severity }: Finding, style: ChalkInstance): string {
  if (ok) return style.green('✓');
  return severity === 'required' ? style.red('✗') : style.yellow('!');
}
