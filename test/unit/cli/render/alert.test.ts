import { Chalk } from 'chalk';
import { alertText } from '../../../../cli/render/alert.ts';
import { documentOf } from '../../detector/output/documents.ts';

const style = new Chalk({ level: 0 });

describe('an alert as a line', () => {
  test('has time, priority, node, rule and output', () => {
    expect(alertText(documentOf({ output: 'it happened' }), style)).toBe(
      '03:04:05.123 Warning  node-1 A rule: it happened\n',
    );
  });

  test('says which facts were not known in time', () => {
    const line = alertText(documentOf({ missing: ['container.image.repository', 'k8s.pod.name'] }), style);
    expect(line).toMatch(/ \(not known in time: container\.image\.repository, k8s\.pod\.name\)\n$/);
  });
});
