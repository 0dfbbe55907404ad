import { findFields, type ListedField } from '../../detector/index.ts';
import { argumentWords, typeWords } from './fields.ts';

/** The page docs/detector-fields.md, made from the field table. */
export function fieldReference(): string {
  const { fields } = findFields();
  const of = (...sources: readonly string[]): readonly ListedField[] =>
    fields.filter((field) => field.sources.join() === sources.join());
  return [
    '# Fields of the rules language',
    '',
    'Made by `npm run docs` from the table that conditions are checked and outputs are written with; do not edit.',
    '',
    'A field is *filled* when the sensor or the audit source of this version says it. Rules that need another one load, are reported by',
    'name, and are switched off in a lab; recorded events may have all of them. An argument stands in brackets (`proc.aname[2]`) or behind',
    "a dot (`evt.arg.flags`). A list can only be compared by `in`, `intersects` and `exists`. Fields that begin with `kd.` are kubedrill's own: Falco",
    'does not know rules with them.',
    '',
    ...section('Every event', of('syscall', 'k8s_audit')),
    ...section('System calls', of('syscall')),
    ...section('Kubernetes audit', of('k8s_audit')),
  ].join('\n');
}

function section(title: string, fields: readonly ListedField[]): readonly string[] {
  return [
    `## ${title}`,
    '',
    '| field | type | argument | filled | what it is |',
    '|---|---|---|---|---|',
    ...fields.map(row),
    '',
  ];
}

function row(field: ListedField): string {
  const cells = [`\`${field.name}\``, typeWords(field), argumentWords(field), filledWords(field), whatItIs(field)];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function filledWords({ isProvided, providedArguments }: ListedField): string {
  if (!isProvided) return '';
  return providedArguments === undefined ? 'yes' : providedArguments.map((name) => `\`${name}\``).join(' ');
}

function whatItIs({ description, isDeprecated }: ListedField): string {
  return isDeprecated ? `deprecated: ${description}` : description;
}
