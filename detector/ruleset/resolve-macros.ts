import type { Expression, MacroCall } from '../filter/ast.ts';
import { parseCondition } from '../filter/parser.ts';
import type { CollectedMacro } from './collect.ts';
import { AlreadyReported, guarded, LoadProblem, type Diagnostics } from './diagnostics.ts';
import type { ListExpander } from './expand-lists.ts';
import { locate, type MappedText } from './mapped-text.ts';

/** Parses macros and puts their bodies where conditions name them. */
export interface MacroResolver {
  /** The condition with all its macros; throws LoadProblem for a name that is none, and for loops. */
  resolve(condition: Expression, text: MappedText, visibility: number): Expression;
  /** The text that the offsets of a macro's body are into. */
  textOf(name: string): MappedText | undefined;
  readonly used: ReadonlySet<string>;
  readonly macros: ReadonlyMap<string, Expression>;
}

/** Parses a condition after its lists are expanded; throws LoadProblem. */
export function parseMapped(condition: MappedText): Expression {
  const parsed = parseCondition(condition.text);
  if (parsed.ok) return parsed.expression;
  throw new LoadProblem('LOAD_ERR_COMPILE_CONDITION', parsed.message, locate(condition, parsed.offset));
}

/** Compiles all macros; what is wrong with one is reported once, and not again for those who use it. */
export function macroResolver(
  collected: ReadonlyMap<string, CollectedMacro>,
  lists: ListExpander,
  diagnostics: Diagnostics,
): MacroResolver {
  const state: State = {
    collected,
    parsed: new Map(),
    resolved: new Map(),
    sizes: new Map(),
    used: new Set(),
    open: new Set(),
  };
  for (const { name, condition } of collected.values()) {
    const text = lists.expand(condition);
    const expression = guarded(diagnostics, () => parseMapped(text));
    state.parsed.set(name, { text, expression });
  }
  for (const name of collected.keys()) guarded(diagnostics, () => bodyOf(state, name));
  return {
    resolve: (condition, text, visibility) => resolveChecked(state, condition, { text, visibility }),
    textOf: (name) => state.parsed.get(name)?.text,
    used: state.used,
    macros: state.resolved,
  };
}

interface State {
  readonly collected: ReadonlyMap<string, CollectedMacro>;
  readonly parsed: Map<string, { readonly text: MappedText; readonly expression: Expression | undefined }>;
  readonly resolved: Map<string, Expression>;
  /** How many checks a macro stands for. */
  readonly sizes: Map<string, number>;
  readonly used: Set<string>;
  /** Macros whose body is being resolved: naming one of them is a loop. */
  readonly open: Set<string>;
}

/** The condition being resolved: its text, and how far down the files it can see. */
interface Scope {
  readonly text: MappedText;
  readonly visibility: number;
}

function bodyOf(state: State, name: string): Expression | undefined {
  const known = state.resolved.get(name);
  if (known !== undefined) return known;
  const macro = state.collected.get(name);
  const parsed = state.parsed.get(name);
  if (macro === undefined || parsed?.expression === undefined) return undefined;
  state.open.add(name);
  try {
    const scope = { text: parsed.text, visibility: macro.visibility };
    const body = resolveChecked(state, parsed.expression, scope);
    state.sizes.set(name, sizeOf(state, body));
    state.resolved.set(name, body);
    return body;
  } finally {
    state.open.delete(name);
  }
}

/** Macros of macros multiply: twenty lines can stand for a million checks. */
const MAX_SIZE = 50_000;

function resolveChecked(state: State, expression: Expression, scope: Scope): Expression {
  const resolved = resolveWithin(state, expression, scope);
  if (sizeOf(state, resolved) <= MAX_SIZE) return resolved;
  const message = `the condition stands for more than ${String(MAX_SIZE)} checks, its macros counted in`;
  throw new LoadProblem('LOAD_ERR_COMPILE_CONDITION', message, locate(scope.text, 0));
}

function sizeOf(state: State, expression: Expression): number {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return expression.operands.reduce((size, operand) => size + sizeOf(state, operand), 1);
    case 'not':
      return 1 + sizeOf(state, expression.operand);
    case 'macro':
      return state.sizes.get(expression.name) ?? 1;
    case 'exists':
    case 'compare':
      return 1;
  }
}

function resolveWithin(state: State, expression: Expression, scope: Scope): Expression {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return { ...expression, operands: expression.operands.map((operand) => resolveWithin(state, operand, scope)) };
    case 'not':
      return { ...expression, operand: resolveWithin(state, expression.operand, scope) };
    case 'macro':
      return resolveCall(state, expression, scope);
    case 'exists':
    case 'compare':
      return expression;
  }
}

function resolveCall(state: State, call: MacroCall, scope: Scope): MacroCall {
  const macro = state.collected.get(call.name);
  const at = locate(scope.text, call.start);
  if (macro === undefined || macro.index >= scope.visibility) {
    throw new LoadProblem('LOAD_ERR_VALIDATE', `Undefined macro '${call.name}' used in filter.`, at);
  }
  state.used.add(call.name);
  if (state.open.has(call.name)) {
    throw new LoadProblem('LOAD_ERR_VALIDATE', `reference loop in macro '${call.name}'`, at);
  }
  const body = bodyOf(state, call.name);
  if (body === undefined) throw new AlreadyReported(`macro '${call.name}' is not usable`);
  return { ...call, body };
}
