import type { HistogramSnapshot } from './histogram.ts';

export interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

interface Named {
  readonly name: string;
  readonly help: string;
}

export type Metric =
  | (Named & { readonly kind: 'counter' | 'gauge'; readonly samples: readonly Sample[] })
  | (Named & { readonly kind: 'histogram'; readonly snapshot: HistogramSnapshot });

/** Metrics in the text exposition format of Prometheus, version 0.0.4. */
export function prometheusText(metrics: readonly Metric[]): string {
  return metrics
    .map((metric) => {
      const head = `# HELP ${metric.name} ${metric.help}\n# TYPE ${metric.name} ${metric.kind}\n`;
      const lines = metric.kind === 'histogram' ? histogramLines(metric) : metric.samples.map(lineOf(metric.name));
      return head + lines.join('');
    })
    .join('');
}

function histogramLines({ name, snapshot }: Metric & { readonly kind: 'histogram' }): readonly string[] {
  const { buckets, sum, count } = snapshot;
  const line = (suffix: string, sample: Sample): string => lineOf(`${name}_${suffix}`)(sample);
  return [
    ...buckets.map((bucket) => line('bucket', { labels: { le: String(bucket.bound) }, value: bucket.count })),
    line('bucket', { labels: { le: '+Inf' }, value: count }),
    line('sum', { value: sum }),
    line('count', { value: count }),
  ];
}

function lineOf(name: string): (sample: Sample) => string {
  return ({ labels = {}, value }) => {
    const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text)}"`);
    return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${String(value)}\n`;
  };
}

function escaped(text: string): string {
  return text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
}
