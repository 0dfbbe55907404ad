import { valuesOf, type Comparison } from '../filter/ast.ts';

/** A text that a path contains somewhere, or begins with, or ends with, or is. */
export interface PathPattern {
  readonly text: string;
  readonly atStart: boolean;
  readonly atEnd: boolean;
  /** The last slash of the path lies before the end of the text: so the directory, or only the name, is asked for. */
  readonly inLastComponent: boolean;
}

/** The plain paths (see NOT_PLAIN) for which a comparison can be true: those like any of the patterns. */
export interface PathPatterns {
  readonly patterns: readonly PathPattern[];
  /** False when the comparison is not true for all of them. */
  readonly isExact: boolean;
}

/** Paths that rules see otherwise than they were given: nothing can be said of them before they are tidied up. */
export const NOT_PLAIN: readonly PathPattern[] = [
  like('//'),
  like('/./'),
  like('/../'),
  like('/', 'atEnd'),
  like('/.', 'atEnd'),
  like('/..', 'atEnd'),
];

/** Undefined for comparisons of other things, and those that no pattern can stand for. */
export function pathPatternsOf({ left, operator, modifier, right }: Comparison): PathPatterns | undefined {
  if (left.kind !== 'field' || right.kind === 'field' || right.kind === 'transformed') return undefined;
  const test = testOf(left.argument === undefined ? left.name : `${left.name}.${left.argument}`, operator);
  const texts = valuesOf(right).map(({ text }) => text);
  // Of other texts, the bytes of a path and the characters that rules see are not the same thing.
  if (test === undefined || texts.some((text) => !/^[\x20-\x7e]+$/.test(text))) return undefined;
  const found = texts.map(test);
  if (found.some(({ patterns }) => patterns.some(isEverywhere))) return undefined;
  return {
    patterns: found.flatMap(({ patterns }) => patterns),
    isExact: found.every(({ isExact }) => isExact) && (modifier === undefined || modifier === 'anyof'),
  };
}

function isEverywhere({ text }: PathPattern): boolean {
  return text === '';
}

type PathTest = (text: string) => PathPatterns;
type PathTests = Readonly<Partial<Record<Comparison['operator'], PathTest>>>;
type Option = 'atStart' | 'atEnd' | 'inLastComponent';

function like(text: string, ...options: readonly Option[]): PathPattern {
  const has = (option: Option): boolean => options.includes(option);
  return { text, atStart: has('atStart'), atEnd: has('atEnd'), inLastComponent: has('inLastComponent') };
}

function exactly(...patterns: readonly PathPattern[]): PathPatterns {
  return { patterns, isExact: true };
}

function atMost(...patterns: readonly PathPattern[]): PathPatterns {
  return { patterns, isExact: false };
}

function testOf(field: string, operator: Comparison['operator']): PathTest | undefined {
  if (WHOLE_PATH.has(field)) return WHOLE[operator];
  if (field === 'fd.directory') return DIRECTORY[operator];
  return field === 'fd.filename' ? NAME[operator] : undefined;
}

/** Fields that are the path of an open, as long as it is plain. */
const WHOLE_PATH: ReadonlySet<string> = new Set([
  'fd.name',
  'fd.nameraw',
  'fs.path.name',
  'fs.path.nameraw',
  'evt.arg.name',
  'evt.abspath',
]);

const WHOLE: PathTests = {
  ...equality((text) => exactly(like(text, 'atStart', 'atEnd'))),
  startswith: (text) => exactly(like(text, 'atStart')),
  endswith: (text) => exactly(like(text, 'atEnd')),
  contains: (text) => exactly(like(text)),
  glob: (text) => atMost(longestPiece(text)),
  pmatch: belowPath,
};

/** A directory is what stands before the last slash; that of `/name` is `/`. */
const DIRECTORY: PathTests = {
  ...equality((text) => exactly(like(text === '/' ? '/' : `${text}/`, 'atStart', 'inLastComponent'))),
  startswith: (text) => atMost(like(text, 'atStart')),
  contains: (text) => atMost(like(text)),
  endswith: (text) => atMost(like(text)),
  pmatch: (text) => ({ ...belowPath(text), isExact: false }),
};

const NAME: PathTests = {
  ...equality((text) => ({ patterns: [like(`/${text}`, 'atEnd')], isExact: !text.includes('/') })),
  startswith: (text) => atMost(like(`/${text}`, 'inLastComponent')),
  contains: (text) => atMost(like(text, 'inLastComponent')),
  endswith: (text) => atMost(like(text, 'atEnd')),
};

function equality(test: PathTest): PathTests {
  return Object.fromEntries((['=', '==', 'in', 'intersects'] as const).map((operator) => [operator, test]));
}

/** Of a shell pattern, the longest text without wildcards; where sets or escapes begin it is not read any further. */
function longestPiece(glob: string): PathPattern {
  const [readable = ''] = glob.split(/[[\\]/, 1);
  const pieces = readable.split(/[*?]/);
  const isWhole = readable.length === glob.length;
  const candidates = pieces.map((text, n) => {
    const atStart = n === 0;
    const atEnd = isWhole && n === pieces.length - 1;
    return like(text, ...(atStart ? (['atStart'] as const) : []), ...(atEnd ? (['atEnd'] as const) : []));
  });
  return candidates.reduce((best, one) => (one.text.length > best.text.length ? one : best));
}

/** The path, or one below it, as far as its components are no patterns. Empty components do not count. */
function belowPath(text: string): PathPatterns {
  const components = text.split('/').filter((component) => component !== '');
  const wild = components.findIndex((component) => /[*?[\\]/.test(component));
  const named = wild < 0 ? components : components.slice(0, wild);
  if (named.length === 0) return atMost(like(''));
  const path = `/${named.join('/')}`;
  if (wild >= 0) return atMost(like(`${path}/`, 'atStart'));
  return exactly(like(path, 'atStart', 'atEnd'), like(`${path}/`, 'atStart'));
}
