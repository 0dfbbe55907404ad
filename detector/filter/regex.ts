import { parseRegex, RegexProblem, type CodeRange, type RegexNode } from './regex-syntax.ts';

export type RegexResult =
  { readonly ok: true; readonly matches: (text: string) => boolean } | { readonly ok: false; readonly message: string };

/** Programs larger than this are refused: nested counts like (a{1000}){1000} would fill the memory. */
const MAX_INSTRUCTIONS = 20_000;

/** Compiles an expression that has to match the whole text, in time linear in the text. */
export function compileRegex(pattern: string): RegexResult {
  try {
    const program = buildProgram(parseRegex(pattern));
    return { ok: true, matches: (text) => runProgram(program, text) };
  } catch (error) {
    if (!(error instanceof RegexProblem)) throw error;
    return { ok: false, message: error.message };
  }
}

type Instruction =
  | { readonly kind: 'set'; readonly ranges: readonly CodeRange[]; readonly next: number }
  | { readonly kind: 'lineStart' | 'lineEnd'; readonly next: number }
  | { kind: 'fork'; first: number; second: number }
  | { readonly kind: 'accept' };

/** A non-deterministic automaton; it starts at its last instruction, as it is built from the end. */
type Program = readonly Instruction[];

function buildProgram(node: RegexNode): Program {
  const program: Instruction[] = [{ kind: 'accept' }];
  const start = append(program, node, 0);
  program.push({ kind: 'fork', first: start, second: start });
  return program;
}

/** Appends what leads through the node to the instruction `next`; returns where it begins. */
function append(program: Instruction[], node: RegexNode, next: number): number {
  if (program.length > MAX_INSTRUCTIONS) throw new RegexProblem('pattern too large');
  switch (node.kind) {
    case 'set':
      return program.push({ kind: 'set', ranges: node.ranges, next }) - 1;
    case 'lineStart':
    case 'lineEnd':
      return program.push({ kind: node.kind, next }) - 1;
    case 'sequence':
      return node.items.reduceRight((after, item) => append(program, item, after), next);
    case 'choice':
      return node.options
        .map((option) => append(program, option, next))
        .reduce((second, first) => fork(program, first, second));
    case 'repeat':
      return appendRepeat(program, node, next);
  }
}

function appendRepeat(
  program: Instruction[],
  { item, min, max }: Extract<RegexNode, { kind: 'repeat' }>,
  next: number,
): number {
  let start = max === Infinity ? appendLoop(program, item, next) : next;
  for (let count = min; max !== Infinity && count < max; count++) {
    start = fork(program, append(program, item, start), next);
  }
  for (let count = 0; count < min; count++) start = append(program, item, start);
  return start;
}

function appendLoop(program: Instruction[], item: RegexNode, next: number): number {
  const loop: Instruction = { kind: 'fork', first: next, second: next };
  const start = program.push(loop) - 1;
  loop.first = append(program, item, start);
  return start;
}

function fork(program: Instruction[], first: number, second: number): number {
  return program.push({ kind: 'fork', first, second }) - 1;
}

function runProgram(program: Program, text: string): boolean {
  const codes = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  let states = reach(program, [program.length - 1], codes, 0);
  for (const [index, code] of codes.entries()) {
    if (states.size === 0) return false;
    states = reach(program, step(program, states, code), codes, index + 1);
  }
  return states.has(0);
}

const NEWLINE = 10;

/** All instructions that can be reached without reading a character. */
function reach(
  program: Program,
  from: readonly number[],
  codes: readonly number[],
  index: number,
): ReadonlySet<number> {
  const reached = new Set<number>();
  const open = [...from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (reached.has(at)) continue;
    reached.add(at);
    const instruction = program[at];
    if (instruction?.kind === 'fork') open.push(instruction.first, instruction.second);
    if (instruction?.kind === 'lineStart' && (index === 0 || codes[index - 1] === NEWLINE)) open.push(instruction.next);
    if (instruction?.kind === 'lineEnd' && (index === codes.length || codes[index] === NEWLINE))
      open.push(instruction.next);
  }
  return reached;
}

function step(program: Program, states: ReadonlySet<number>, code: number): readonly number[] {
  const after: number[] = [];
  for (const at of states) {
    const instruction = program[at];
    if (instruction?.kind === 'set' && isInRanges(instruction.ranges, code)) after.push(instruction.next);
  }
  return after;
}

function isInRanges(ranges: readonly CodeRange[], code: number): boolean {
  return ranges.some(({ from, to }) => code >= from && code <= to);
}
