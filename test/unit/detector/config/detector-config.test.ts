import { defaultConfig, readConfig } from '../../../../detector/config/detector-config.ts';
import { problemLine } from '../../../../detector/config/read-yaml.ts';

function problems(content: string): readonly string[] {
  const result = readConfig({ name: 'd.yaml', content });
  return result.ok ? [] : result.problems.map(problemLine);
}

describe('detector.yaml', () => {
  test.each(['', '# nothing\n', '{}'])('that says nothing (%j) means the defaults', (content) => {
    expect(readConfig({ name: 'd.yaml', content })).toEqual({ ok: true, config: defaultConfig() });
  });

  test('by default prints all alerts as JSON, of all rules that match', () => {
    expect(defaultConfig()).toMatchObject({
      ruleMatching: 'all',
      minimumPriority: 'Debug',
      outputs: [{ kind: 'stdout', format: 'json', priority: 'Debug' }],
    });
    expect(defaultConfig().rules).toBeUndefined();
  });

  test('is read whole', () => {
    const content = `
rules: [/etc/kubedrill/rules, mine.yaml]
rule_matching: first
priority: INFO
select:
  - disable: {rule: '*'}
  - enable: {tag: network}
append_output:
  - {match: {source: syscall, tags: [a]}, extra_output: ' x', extra_fields: [proc.name, {k: '%fd.name'}]}
listen: {port: 9376}
outputs:
  - {name: a, kind: webhook, url: 'https://10.0.0.1/x', priority: warning, rate: {per_second: 0.5, burst: 3}}
`;
    expect(readConfig({ name: 'd.yaml', content })).toMatchObject({
      ok: true,
      config: {
        rules: ['/etc/kubedrill/rules', 'mine.yaml'],
        ruleMatching: 'first',
        minimumPriority: 'Informational',
        selections: [{ disable: { rule: '*' } }, { enable: { tag: 'network' } }],
        appendOutput: [
          {
            match: { source: 'syscall', tags: ['a'] },
            extraOutput: ' x',
            extraFields: ['proc.name', { k: '%fd.name' }],
          },
        ],
        listen: { address: '127.0.0.1', port: 9376 },
        outputs: [{ name: 'a', priority: 'Warning', rate: { per_second: 0.5, burst: 3 }, format: 'json' }],
      },
    });
  });

  test('with many mistakes has all of them told at once, each with its place', () => {
    const content = `rules: [a, 3]
prioriti: debug
priority: loud
select: [{enable: {tags: x}}]
outputs:
  - {kind: webhook, name: A b, url: "ftp://x"}
  - {kind: file, name: y}
  - {kind: stdout, name: y, priority: shout}
  - {kind: syslog, name: z, target: "udp://nowhere"}
listen: {address: 0.0.0.0, port: 5}
`;
    const found = problems(content);
    for (const place of [
      'd.yaml:1:12: rules[1]: ',
      'd.yaml:2:1: prioriti: there is no such key',
      'd.yaml:3:11: priority: no priority is called "loud"',
      'd.yaml:4:20: select[0].enable.tags: there is no such key',
      'd.yaml:6:27: outputs[0].name: ',
      'd.yaml:6:37: outputs[0].url: a URL begins with http:// or https://',
      'd.yaml:7:5: outputs[1].path: ',
      'd.yaml:8:26: outputs[2].name: another output is called "y" too',
      'd.yaml:8:39: outputs[2].priority: no priority is called "shout"',
      'd.yaml:9:37: outputs[3].target: a target is ',
      'd.yaml:10:19: listen.address: ',
    ]) {
      expect(found).toContainEqual(expect.stringContaining(place));
    }
  });

  test.each([
    ['outputs: [', 'd.yaml:1:'],
    ['a: *b', 'd.yaml:1:'],
    ['just a text', 'd.yaml:1:1: '],
    ['outputs: [{name: a, kind: pigeon}]', "outputs[0].kind: Invalid discriminator value. Expected 'stdout'"],
    ['outputs: [null]', 'outputs[0]: '],
  ])('that is %j is refused with a place', (content, says) => {
    expect(problems(content).join('\n')).toContain(says);
  });

  test('serves metrics to the node alone', () => {
    expect(problems('listen: {address: 10.0.0.1, port: 9376}')).toHaveLength(1);
    expect(problems('listen: {address: "::1", port: 9376}')).toEqual([]);
  });
});
