import type { ChalkInstance } from 'chalk';
import type { RunView } from '../../scenarios/index.ts';
import { markdown } from './markdown.ts';

export function runLine({ scenario, slug, phase, startedAt }: RunView): string {
  return `running: ${scenario} ${slug} (${phase}, since ${startedAt})`;
}

/** What a learner reads when a challenge has begun. */
export function runText(run: RunView, style: ChalkInstance, columns: number): string {
  const lines = [
    `${style.bold(`${run.scenario} – ${run.title}`)}  ${style.dim(`seed ${String(run.seed)}, about ${String(run.minutes)} minutes`)}`,
    '',
    markdown(withoutTitle(run.task), style, columns).trim(),
    ...questions(run, style),
    ...run.notes.map((note) => style.yellow(`! ${note}`)),
    '',
    style.dim(
      `kubedrill shell [NODE] · kubedrill net matrix · kubedrill hint (${String(run.hintsLeft)} left) · kubedrill grade · kubedrill stop`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function questions(run: RunView, style: ChalkInstance): readonly string[] {
  if (run.questions.length === 0) return [];
  const lines = run.questions.map(({ key, says, allowed }) => {
    const given = run.answers[key];
    const choices = allowed ? style.dim(` (${allowed.join(' | ')})`) : '';
    return `  ${key}${given === undefined ? '' : `=${given}`}  ${says}${choices}`;
  });
  return ['', style.bold('Questions'), ...lines, style.dim('  kubedrill answer KEY=VALUE …')];
}

/** The first line above it says the title already. */
function withoutTitle(task: string): string {
  return task.replace(/^# .*\n/, '');
}
