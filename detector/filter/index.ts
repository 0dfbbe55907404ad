export type { Expression, MacroCall, Span } from './ast.ts';
export { checkExpression, type Checked, type Finding } from './check.ts';
export { createProgram, type Predicate, type Program, type ProgramOptions } from './compile.ts';
export { parseCondition, type ParseResult } from './parser.ts';
export { printExpression } from './printer.ts';
export { compileFilter, createFilterSet, type FilterResult, type FilterSet } from './filter.ts';
