import { done, execaRunner, notYet, waitFor } from '../../core/index.ts';
import { AUDIT_WEBHOOK_URL, type DetectorStats } from '../../detector/index.ts';
import { alertsOf, detectorLab, kubectl, statsOf, type DetectorLab } from '../support/detector-lab.ts';
import { E2E_LAB } from '../support/e2e-lab.ts';
import { engineGap } from '../support/engine.ts';
import { kubedrill, kubedrillJson } from '../support/kubedrill.ts';

const gap = await engineGap();
const MINUTE_MS = 60_000;
const NAME = `${E2E_LAB}-audit`;
const NODE = `${NAME}-control-plane`;
/** A pod that every lab has, and into which nobody else goes here. */
const POD = ['-n', 'kube-system', `kube-scheduler-${NODE}`];
const docker = execaRunner();

async function onNode(...command: readonly string[]): Promise<string> {
  return (await docker.run('docker', ['exec', NODE, ...command], { timeoutMs: 30_000 })).stdout.trim();
}

function webhookOf({ auditWebhook }: DetectorStats): NonNullable<DetectorStats['auditWebhook']> {
  if (auditWebhook === undefined) throw new Error('the engine has no webhook');
  return auditWebhook;
}

/** Opens a session in a pod; what it runs is not there, of which the API server tells all the same. */
async function openSession(lab: DetectorLab): Promise<void> {
  await kubectl(lab, ['exec', ...POD, '--', '/no-such-program']).catch(() => undefined);
}

(gap === undefined ? describe : describe.skip)(`a lab with --audit both${gap ?? ''}`, () => {
  let lab: DetectorLab;

  beforeAll(async () => {
    const up = ['up', '--audit', 'both', '--topology', 'single', '--addons', 'core', '--name', NAME];
    expect(await kubedrillJson(up)).toMatchObject({ ready: true });
    lab = await detectorLab(NAME);
  }, 10 * MINUTE_MS);

  afterAll(async () => {
    if (process.env['KUBEDRILL_E2E_KEEP'] === undefined) await kubedrill(['down', '--name', NAME]);
  }, MINUTE_MS);

  test(
    'tells once of a session in a pod, though log and webhook both bring it',
    async () => {
      const before = await statsOf(NODE);
      const sessions = async (): Promise<number> =>
        (await alertsOf(lab)).filter(({ rule }) => rule === 'Attach/Exec Pod').length;
      const earlier = await sessions();
      await openSession(lab);
      await waitFor(
        async () => {
          const { audit, events, ...now } = await statsOf(NODE);
          const byLog = (audit?.events ?? 0) - (before.audit?.events ?? 0);
          const repeated = events.k8sAuditRepeated - before.events.k8sAuditRepeated;
          const byWebhook = webhookOf({ ...now, events }).accepted - webhookOf(before).accepted;
          const seen = `${String(byLog)} events by the log, ${String(byWebhook)} batches, ${String(repeated)} events twice`;
          return byLog > 0 && byWebhook > 0 && repeated >= byLog && (await sessions()) > earlier
            ? done(undefined)
            : notYet(seen);
        },
        { what: 'the session by both ways', timeoutMs: 30_000, intervalMs: 500 },
      );
      expect(await sessions()).toBe(earlier + 1);
    },
    MINUTE_MS,
  );

  test(
    'refuses whom another authority has signed, and counts it',
    async () => {
      const before = webhookOf(await statsOf(NODE)).wrongClient;
      const kubelet = '/var/lib/kubelet/pki/kubelet-client-current.pem';
      const asking = ['curl', '--silent', '--insecure', '--output', '/dev/null', '--write-out', '%{http_code}'];
      const posting = ['--header', 'content-type: application/json', '--data', '{}', AUDIT_WEBHOOK_URL];
      expect(await onNode(...asking, '--cert', kubelet, '--key', kubelet, ...posting)).toBe('401');
      expect(await onNode(...asking, ...posting)).toBe('401');
      expect(webhookOf(await statsOf(NODE)).wrongClient).toBe(before + 2);
    },
    MINUTE_MS,
  );

  test(
    'answers requests as ever while the webhook hangs',
    async () => {
      const engine = await onNode('pgrep', '-f', '/opt/kubedrill/[d]etector.js');
      // Read before: the batches that wait come at once when it goes on, and an idle cluster may have nothing to tell after them.
      const { accepted } = webhookOf(await statsOf(NODE));
      await onNode('kill', '-STOP', engine);
      try {
        const tookMs: number[] = [];
        // More than a batch's wait, so that the API server has tried to send some.
        for (let n = 0; n < 5; n++) {
          const startedMs = performance.now();
          await kubectl(lab, [
            'annotate',
            'serviceaccount',
            '-n',
            'default',
            'default',
            `stage=${String(n)}`,
            '--overwrite',
          ]);
          tookMs.push(performance.now() - startedMs);
        }
        process.stderr.write(`requests while the webhook hangs: ${tookMs.map((ms) => ms.toFixed(0)).join(', ')} ms\n`);
      } finally {
        await onNode('kill', '-CONT', engine);
      }
      await waitFor(
        async () => (webhookOf(await statsOf(NODE)).accepted > accepted ? done(undefined) : notYet('nothing came')),
        { what: 'the webhook to get batches again', timeoutMs: MINUTE_MS, intervalMs: 1_000 },
      );
      expect((await kubedrillJson<{ readonly ready: boolean }>(['status', '--name', NAME])).ready).toBe(true);
    },
    3 * MINUTE_MS,
  );
});
