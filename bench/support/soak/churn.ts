import { systemClock } from '../../../core/index.ts';
import { apply, kubectl, statsOf, toolboxImage, type DetectorLab } from '../../../test/support/detector-lab.ts';
import type { Figure } from '../../lib.ts';
import type { Soak } from '../../soak.ts';

const NAMESPACE = 'detector-churn';
const AT_ONCE = 10;
const MB = 1_000_000;

interface Sample {
  readonly engineBytes: number;
  readonly sensorBytes: number;
}

/** Pods come, start programs, and go, spread over the time; memory is looked at after each batch. */
export async function churn({ lab, io, minutes, pods }: Soak): Promise<readonly Figure[]> {
  const node = lab.nodes.at(-1) ?? '';
  const image = await toolboxImage(lab);
  const batches = Math.ceil(pods / AT_ONCE);
  const samples: Sample[] = [];
  await apply(lab, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } }]);
  try {
    for (let batch = 0; batch < batches; batch++) {
      const nextMs = systemClock.now().getTime() + (minutes * 60_000) / batches;
      await runBatch(lab, { image, node, batch });
      const { memory, processes, drops } = await statsOf(node);
      samples.push({ engineBytes: memory.engineRssBytes, sensorBytes: memory.sensorRssBytes });
      io.say(
        `${String((batch + 1) * AT_ONCE)} pods: engine ${mb(memory.engineRssBytes)} MB, ` +
          `sensor ${mb(memory.sensorRssBytes)} MB, ${String(processes)} processes, ${String(drops.ringFull)} lost`,
      );
      await systemClock.sleep(Math.max(0, nextMs - systemClock.now().getTime()));
    }
  } finally {
    await kubectl(lab, ['delete', 'namespace', NAMESPACE, '--timeout=100s']);
  }
  return figures(samples, (await statsOf(node)).drops.ringFull);
}

async function runBatch(
  lab: DetectorLab,
  { image, node, batch }: { readonly image: string; readonly node: string; readonly batch: number },
): Promise<void> {
  const names = Array.from({ length: AT_ONCE }, (_, n) => `churn-${String(batch)}-${String(n)}`);
  // Some hundred processes and files each, as an ordinary pod has at its start.
  const script = 'for n in $(seq 100); do cat /etc/hostname /etc/passwd > /dev/null; done';
  await apply(
    lab,
    names.map((name) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: NAMESPACE },
      spec: {
        ...{ nodeName: node, restartPolicy: 'Never', terminationGracePeriodSeconds: 0 },
        containers: [{ name: 'main', image, imagePullPolicy: 'Never', command: ['sh', '-c', script] }],
      },
    })),
  );
  const phase = 'jsonpath={.status.phase}=Succeeded';
  const pods = names.map((name) => `pod/${name}`);
  await kubectl(lab, ['wait', `--for=${phase}`, '--timeout=110s', '-n', NAMESPACE, ...pods]);
  await kubectl(lab, ['delete', '-n', NAMESPACE, '--timeout=100s', ...pods]);
}

/** The first quarter is left out of what counts as growth: caches fill, and the heap finds its size. */
function figures(samples: readonly Sample[], lost: number): readonly Figure[] {
  const settled = samples.slice(Math.floor(samples.length / 4));
  const [first] = settled;
  const last = settled.at(-1);
  const most = (pick: (sample: Sample) => number): number => Math.max(...samples.map(pick)) / MB;
  const growth = (pick: (sample: Sample) => number): number =>
    first === undefined || last === undefined ? NaN : (pick(last) - pick(first)) / MB;
  return [
    { name: 'engine, most', value: most(({ engineBytes }) => engineBytes), unit: 'MB' },
    { name: 'engine, growth', value: growth(({ engineBytes }) => engineBytes), unit: 'MB', atMost: 10 },
    { name: 'sensor, most', value: most(({ sensorBytes }) => sensorBytes), unit: 'MB' },
    { name: 'sensor, growth', value: growth(({ sensorBytes }) => sensorBytes), unit: 'MB', atMost: 2 },
    { name: 'events lost', value: lost, unit: 'count' },
  ];
}

function mb(bytes: number): string {
  return (bytes / MB).toFixed(1);
}
