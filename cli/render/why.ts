import type { ChalkInstance } from 'chalk';
import { wrapAnsi } from 'fast-wrap-ansi';
import type { ExplainedEvent, FulfilledEvent, LiveWhyReport, Seen, WhyReport } from '../../detector/index.ts';
import { explainedLines, reasonLines } from './explained.ts';

/** Why a rule fired or not: what keeps it from being asked, what came of the events, and conditions as trees. */
export function whyText(report: WhyReport | LiveWhyReport, style: ChalkInstance, columns: number): string {
  const { rule, priority, source, place, explained } = report;
  const where = `${place.file}:${String(place.line)}`;
  const blocks = [
    `${style.bold(rule)} ${style.dim(`(${priority}, ${source}, ${where})`)}`,
    ...sentences(report).map((sentence) => wrapAnsi(sentence, columns)),
    ...explained.map((event) => ['', ...eventLines(event, style, columns)].join('\n')),
  ];
  return `${blocks.join('\n')}\n`;
}

function sentences({ obstacles, events, fulfilled, explained, fires }: WhyReport | LiveWhyReport): readonly string[] {
  const blocked = obstacles.map(({ says }) => `It cannot fire: ${says}.`);
  if (fulfilled.length > 0) {
    const verb = fires ? 'It fires for' : 'Its condition holds for';
    return [...blocked, `${verb} ${numbers(fulfilled)}.`, ...overtaken(fulfilled)];
  }
  if (events.ofType === 0 || explained.length === 0) return blocked;
  const count = `it looks at ${String(events.ofType)} of the ${String(events.read)} that were read`;
  return [...blocked, `Its condition holds for no event (${count}).`];
}

/** Events of a lab are numbered on each of its nodes. */
interface Where {
  readonly seen: Seen;
}

const SHOWN_NUMBERS = 12;

function numbers(events: readonly (FulfilledEvent & Partial<Where>)[]): string {
  const shown = events.slice(0, SHOWN_NUMBERS).map(({ event, seen }) => `${String(event)}${place(seen, 'of')}`);
  const more = events.length > SHOWN_NUMBERS ? ` and ${String(events.length - SHOWN_NUMBERS)} more` : '';
  return `${events.length === 1 ? 'event' : 'events'} ${shown.join(', ')}${more}`;
}

function overtaken(fulfilled: readonly FulfilledEvent[]): readonly string[] {
  const rules = new Set(fulfilled.flatMap(({ overtakenBy }) => overtakenBy ?? []));
  return [...rules].map((rule) => {
    const taken = fulfilled.filter(({ overtakenBy }) => overtakenBy === rule);
    return `Where only the first rule that matches counts, "${rule}" takes ${numbers(taken)}.`;
  });
}

function eventLines(event: ExplainedEvent & Partial<Where>, style: ChalkInstance, columns: number): readonly string[] {
  const { conditions, condition, obstacles, seen } = event;
  const count = `${String(conditions.holding)} of ${String(conditions.of)} conditions hold`;
  return [
    style.bold(
      `Event ${String(event.event)}${place(seen, 'on')} (${event.type})${condition === undefined ? '' : `: ${count}`}`,
    ),
    ...obstacles.map(({ says }) => wrapAnsi(`The rule is not asked: ${says}.`, columns)),
    ...(condition === undefined ? [] : explainedLines(condition, style, columns)),
    ...verdictLines(event, style, columns),
  ];
}

function place(seen: Seen | undefined, word: 'of' | 'on'): string {
  if (seen === undefined) return '';
  return word === 'on' && seen.time !== undefined ? ` on ${seen.node} at ${seen.time}` : ` ${word} ${seen.node}`;
}

function verdictLines(
  { verdict, because, besides, undecided, condition }: ExplainedEvent,
  style: ChalkInstance,
  columns: number,
): readonly string[] {
  if (condition === undefined) return [];
  if (verdict === 'true') return ['The condition holds.'];
  if (verdict === 'undecided') return undecided.map((field) => `undecided: ${field} was not known yet`);
  return [
    'It did not fire because:',
    ...reasonLines(because, style, columns),
    ...(besides.length === 0 ? [] : ['What is false as well, though it was not asked any more:']),
    ...reasonLines(besides, style, columns),
  ];
}
