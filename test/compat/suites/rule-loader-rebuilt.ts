import type { AppendOutput } from '../../../detector/ruleset/index.ts';

/** Rules of tests whose text the vectors have lost: the same rule with one exception, whose form the name tells. */
export function contentOf(test: string): string | undefined {
  const exception = EXCEPTIONS[test];
  if (exception === undefined) return undefined;
  return `
- rule: test_rule
  desc: test rule
  condition: evt.type = open
  output: command=%proc.cmdline
  priority: INFO
  exceptions:
    - name: test_exception
      fields: [${exception.field}]
      comps: [=]
      values:
        - [${exception.value}]
`;
}

const EXCEPTIONS: Readonly<Record<string, { readonly field: string; readonly value: string }>> = {
  exceptions_values_rhs_field_ambiguous: { field: 'proc.name', value: 'proc.pname' },
  exceptions_values_rhs_field_ambiguous_quoted: { field: 'proc.name', value: '"proc.pname"' },
  exceptions_values_rhs_field_ambiguous_space_quoted: { field: 'proc.name', value: '"proc.pname "' },
  exceptions_values_rhs_transformer: { field: 'proc.name', value: 'toupper(proc.pname)' },
  exceptions_values_transformer_value_quoted: { field: 'proc.name', value: '"toupper(proc.pname)"' },
  exceptions_values_transformer_space: { field: 'proc.name', value: 'toupper( proc.pname)' },
  exceptions_values_transformer_space_quoted: { field: 'proc.name', value: '"toupper( proc.pname)"' },
  exceptions_fields_transformer: { field: 'tolower(proc.name)', value: 'test' },
  exceptions_fields_transformer_quoted: { field: '"tolower(proc.name)"', value: 'test' },
  exceptions_fields_transformer_space_quoted: { field: '"tolower( proc.name)"', value: 'test' },
};

/** Additions to outputs that the vectors have lost, rebuilt from what has to come out. */
export function configurationOf(test: string): readonly AppendOutput[] {
  return ADDITIONS[test] ?? [];
}

const ADDITIONS: Readonly<Record<string, readonly AppendOutput[]>> = {
  extra_format_all: [{ extraOutput: 'evt.type=%evt.type' }],
  extra_format_by_rule: [{ match: { rule: 'legit_rule' }, extraOutput: 'evt.type=%evt.type' }],
  extra_format_by_tag_rule: [
    { match: { tags: ['tag1'] }, extraOutput: 'extra 1' },
    { match: { tags: ['tag1'], rule: 'another_rule' }, extraOutput: 'extra 2' },
    { match: { tags: ['tag1', 'tag2'] }, extraOutput: 'extra 3' },
  ],
  extra_fields_all: [{ extraFields: [{ my_field: 'hello %evt.num' }] }],
};
