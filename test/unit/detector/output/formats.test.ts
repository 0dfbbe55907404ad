import { alertFilter, type AlertFilter } from '../../../../detector/output/alert-filter.ts';
import { backoffMs } from '../../../../detector/output/backoff.ts';
import { Histogram } from '../../../../detector/output/histogram.ts';
import { kubernetesEvent } from '../../../../detector/output/kubernetes-event.ts';
import { prometheusText } from '../../../../detector/output/prometheus-text.ts';
import { RateLimit } from '../../../../detector/output/rate-limit.ts';
import { renderAlert } from '../../../../detector/output/render.ts';
import { syslogMessage } from '../../../../detector/output/syslog-message.ts';
import { documentOf } from './documents.ts';

describe('the filter of an output', () => {
  const ALL: AlertFilter = { priority: 'Debug', rules: [], tags: [], except: { rules: [], tags: [] } };
  const alert = { rule: 'Shell in container', priority: 'Warning', tags: ['shell', 'mitre'] } as const;

  test.each<[string, Partial<AlertFilter>, boolean]>([
    ['everything without any', {}, true],
    ['what is as urgent', { priority: 'Warning' }, true],
    ['not what is less urgent', { priority: 'Error' }, false],
    ['rules by pattern', { rules: ['Other', 'Shell*'] }, true],
    ['not other rules', { rules: ['*container?'] }, false],
    ['what has one of the tags', { tags: ['network', 'shell'] }, true],
    ['not what has none of them', { tags: ['network'] }, false],
    ['not what is excepted by name, even if wanted', { rules: ['*'], except: { rules: ['*in*'], tags: [] } }, false],
    ['not what is excepted by tag', { except: { rules: [], tags: ['mitre'] } }, false],
  ])('lets through %s', (_title, filter, expected) => {
    expect(alertFilter({ ...ALL, ...filter })(alert)).toBe(expected);
  });
});

describe('RateLimit', () => {
  test('lets a burst through, then so many a second', () => {
    const limit = new RateLimit({ perSecond: 2, burst: 3 });
    const taken = (atMs: number): boolean => limit.take(BigInt(atMs) * 1_000_000n);
    expect([0, 0, 0, 0].map(taken)).toEqual([true, true, true, false]);
    expect([499, 500, 501].map(taken)).toEqual([false, true, false]);
  });

  test('saves no more than a burst', () => {
    const limit = new RateLimit({ perSecond: 100, burst: 1 });
    limit.take(0n);
    expect([60n, 60n].map((s) => limit.take(s * 1_000_000_000n))).toEqual([true, false]);
  });
});

test('the back-off doubles up to its bound', () => {
  expect([1, 2, 3, 4, 9].map((failures) => backoffMs(failures, { firstMs: 10, maxMs: 50 }))).toEqual([
    10, 20, 40, 50, 50,
  ]);
});

describe('an alert as text', () => {
  test('stays on one line, whatever a process has put into its arguments', () => {
    const output = 'cmd=a\nb\r\u0085\u2028c\u001b[0m';
    expect(renderAlert(documentOf({ output }), 'text')).toBe('cmd=a\\x0ab\\x0d\\x85\\u2028c\\x1b[0m');
  });

  test('is one line of JSON with everything otherwise', () => {
    const alert = documentOf({ output: 'a\nb' });
    expect(renderAlert(alert, 'json')).not.toContain('\n');
    expect(JSON.parse(renderAlert(alert, 'json'))).toEqual(alert);
  });
});

describe('a syslog message', () => {
  const OPTIONS = { facility: 16, format: 'text', processId: 42, maxBytes: 8_192 } as const;
  const message = (more = {}, options = {}): string =>
    syslogMessage(documentOf(more), { ...OPTIONS, ...options }).toString();

  test('has the form of RFC 5424', () => {
    expect(message()).toBe(
      '<132>1 2026-01-02T03:04:05.123456Z node-1 kubedrill-detector 42 alert ' +
        '[kubedrill@32473 rule="A rule" source="syscall" sequence="7"] ' +
        '\ufeff03:04:05.123456789: Warning it happened',
    );
  });

  test.each([
    ['Emergency', 128],
    ['Critical', 130],
    ['Informational', 134],
    ['Debug', 135],
  ])('of priority %s has the value %d', (priority, value) => {
    expect(message({ priority })).toMatch(new RegExp(`^<${String(value)}>1 `));
  });

  test('escapes what would end structured data, and keeps host names to printable ASCII', () => {
    const text = message({ rule: 'a "b" ]\\', hostname: 'nö de' });
    expect(text).toContain('rule="a \\"b\\" \\]\\\\"');
    expect(text).toContain('Z n??de ');
    expect(message({ hostname: '' })).toContain('Z - kubedrill-detector');
  });

  test('is cut between characters', () => {
    const full = message({ output: 'ääää' });
    const bytes = Buffer.byteLength(full);
    expect(message({ output: 'ääää' }, { maxBytes: bytes - 1 })).toBe(full.slice(0, -1));
    expect(message({ output: 'ääää' }, { maxBytes: bytes })).toBe(full);
  });
});

describe('a Kubernetes Event', () => {
  test('is about the pod', () => {
    expect(kubernetesEvent(documentOf(), 'uid-1')).toMatchObject({
      metadata: { namespace: 'shop' },
      regarding: { kind: 'Pod', namespace: 'shop', name: 'web-0', uid: 'uid-1' },
      eventTime: '2026-01-02T03:04:05.123456Z',
      reason: 'A rule',
      note: '03:04:05.123456789: Warning it happened',
    });
  });

  test('is about the node where there is no pod', () => {
    expect(kubernetesEvent(documentOf({ attribution: { node: 'node-1' } }), undefined)).toMatchObject({
      metadata: { namespace: 'default' },
      regarding: { kind: 'Node', name: 'node-1' },
    });
  });

  test('stays within what the API server takes', () => {
    const event = kubernetesEvent(documentOf({ rule: 'r'.repeat(200), output: 'ä'.repeat(2_000) }), undefined);
    expect(event.reason).toHaveLength(128);
    expect(Buffer.byteLength(event.note)).toBeLessThanOrEqual(1_024);
    expect(event.note).toMatch(/ä…$/);
  });
});

describe('Prometheus text', () => {
  test('escapes labels', () => {
    const samples = [{ labels: { rule: 'a "b" \\ \n' }, value: 3 }];
    expect(prometheusText([{ kind: 'counter', name: 'x_total', help: 'Helps.', samples }])).toBe(
      '# HELP x_total Helps.\n# TYPE x_total counter\nx_total{rule="a \\"b\\" \\\\ \\n"} 3\n',
    );
  });

  test('has buckets that count all below, up to infinity', () => {
    const histogram = new Histogram([1, 10]);
    [0.5, 1, 5, 100].forEach((value) => {
      histogram.add(value);
    });
    expect(prometheusText([{ kind: 'histogram', name: 'h', help: 'H.', snapshot: histogram.snapshot() }])).toBe(
      '# HELP h H.\n# TYPE h histogram\n' +
        'h_bucket{le="1"} 2\nh_bucket{le="10"} 3\nh_bucket{le="+Inf"} 4\nh_sum 106.5\nh_count 4\n',
    );
  });
});
