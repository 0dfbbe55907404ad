import { spawn, type ChildProcess } from 'node:child_process';
import { appendFile, mkdir, mkdtemp, readFile, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { done, notYet, packageRoot, waitFor } from '../../../core/index.ts';
import { NODE_NAME_VARIABLE, settingsAsEnvironment } from '../../../detector/app/settings.ts';
import { freePort } from '../../support/free-port.ts';

const rule = (name: string, condition: string): string =>
  `- rule: ${name}
  desc: d
  condition: ${condition}
  output: ${name} of %ka.target.name
  priority: WARNING
  source: k8s_audit
`;

const created = (name: string): string =>
  `${JSON.stringify({
    ...{ kind: 'Event', auditID: name, stage: 'ResponseComplete', verb: 'create', user: { username: 'u' } },
    ...{ stageTimestamp: new Date().toISOString(), objectRef: { resource: 'configmaps', namespace: 'n', name } },
  })}\n`;

interface Stats {
  readonly rules: { readonly loaded: number };
  readonly reload: { readonly generation: number; readonly refused: number; readonly refusal?: { problems: string[] } };
  readonly audit?: { readonly events: number };
  readonly events: { readonly k8sAudit: number };
}

/** The engine as its own process, with rules and configuration as the kubelet mounts a ConfigMap, and no sensor. */
describe('a running engine', () => {
  let folder: string;
  let program: string;
  let engine: ChildProcess;
  let log: string;
  let generation: number;

  beforeAll(async () => {
    program = join(await mkdtemp(join(tmpdir(), 'kubedrill-engine-')), 'detector.cjs');
    await build({
      ...{ entryPoints: [join(packageRoot(), 'detector/app/main.ts')], outfile: program, bundle: true },
      ...{ platform: 'node', target: 'node20', format: 'cjs', logLevel: 'silent' },
    });
  });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kubedrill-reload-'));
    generation = 0;
    log = '';
    await mkdir(join(folder, 'config'));
    await mkdir(join(folder, 'identity'));
    for (const file of ['passwd', 'group', 'identity/token', 'identity/ca.crt'])
      await writeFile(join(folder, file), '');
    await writeFile(join(folder, 'audit.log'), '');
    await mount({ 'detector.yaml': configuration(), 'rules.yaml': rule('First', 'ka.verb=create') });
    await start();
  });

  afterEach(async () => {
    engine.kill('SIGTERM');
    await waitFor(async () => (engine.exitCode === null && engine.signalCode === null ? notYet('alive') : done(true)), {
      what: 'the end of the engine',
      timeoutMs: 10_000,
      intervalMs: 10,
    });
    await rm(folder, { recursive: true });
  });

  afterAll(async () => {
    await rm(join(program, '..'), { recursive: true });
  });

  const configuration = (more = ''): string => `rules: [rules.yaml]
outputs:
  - {name: file, kind: file, path: ${join(folder, 'alerts')}, format: text}
${more}`;

  /** As the kubelet does it: a new folder, and `..data` pointed to it in one step. */
  async function mount(files: Readonly<Record<string, string>>): Promise<void> {
    const config = join(folder, 'config');
    const name = `..v${String(++generation)}`;
    await mkdir(join(config, name));
    for (const [file, text] of Object.entries(files)) await writeFile(join(config, name, file), text);
    await symlink(name, join(config, '..data_tmp'));
    await rename(join(config, '..data_tmp'), join(config, '..data'));
    const there = await readdir(config);
    for (const file of Object.keys(files)) {
      if (!there.includes(file)) await symlink(join('..data', file), join(config, file));
    }
  }

  async function start(): Promise<void> {
    const settings = settingsAsEnvironment({
      // Nobody listens there.
      apiServer: { host: '127.0.0.1', port: 1 },
      sensorSocket: join(folder, 'sensor.sock'),
      channelSocket: join(folder, 'channel.sock'),
      rulesFolder: join(folder, 'none'),
      configFile: join(folder, 'config', 'detector.yaml'),
      auditLog: join(folder, 'audit.log'),
      passwdFile: join(folder, 'passwd'),
      groupFile: join(folder, 'group'),
    });
    const env = {
      ...process.env,
      ...settings,
      KUBEDRILL_SERVICE_ACCOUNT: join(folder, 'identity'),
      [NODE_NAME_VARIABLE]: 'n',
    };
    engine = spawn(process.execPath, [program], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    engine.stderr?.on('data', (chunk: Buffer) => (log += chunk.toString()));
    await until(
      'the engine',
      () => stats(),
      () => true,
    );
  }

  const stats = async (): Promise<Stats> => JSON.parse((await ask('/stats')).body) as Stats;
  const alerts = (name = 'alerts'): Promise<string> => readFile(join(folder, name), 'utf8').catch(() => '');

  function ask(path: string, at: object = { socketPath: join(folder, 'channel.sock') }) {
    return new Promise<{ readonly status: number | undefined; readonly body: string }>((resolve, reject) => {
      const sent = request({ ...at, path }, (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => (body += chunk.toString()));
        response.on('end', () => resolve({ status: response.statusCode, body }));
      });
      sent.on('error', reject);
      sent.end();
    });
  }

  function until<T>(what: string, look: () => Promise<T>, holds: (seen: T) => boolean): Promise<T> {
    const observe = async () => {
      const seen = await look();
      return holds(seen) ? done(seen) : notYet(`${JSON.stringify(seen)} ${log}`);
    };
    return waitFor(observe, { what, timeoutMs: 15_000, intervalMs: 20 });
  }

  const happened = (name: string): Promise<void> => appendFile(join(folder, 'audit.log'), created(name));

  test('takes a changed ConfigMap by itself, rules and outputs at once', async () => {
    await happened('one');
    await until('an alert', alerts, (text) => text.includes('First of one'));
    const second = configuration().replace('/alerts', '/more');
    await mount({ 'detector.yaml': second, 'rules.yaml': rule('Second', 'ka.verb=create') });
    await until('the new rules', stats, ({ reload }) => reload.generation === 2);
    await happened('two');
    await until(
      'an alert',
      () => alerts('more'),
      (text) => text.includes('Second of two'),
    );
    expect(await alerts()).not.toContain('two');
    expect(await alerts('more')).not.toContain('First');
    expect(log).toContain('configuration 2 taken: 1 of 1 rules enabled');
  }, 40_000);

  test('refuses a bad one with all that is wrong, and goes on with the old', async () => {
    const bad = `${rule('Bad', 'ka.verb=')}${rule('Worse', 'no.such.field=1')}`;
    await mount({ 'detector.yaml': configuration('prioriti: debug\n'), 'rules.yaml': bad });
    const { reload, rules } = await until('the refusal', stats, (seen) => seen.reload.refused === 1);
    expect(reload).toMatchObject({ generation: 1 });
    expect(rules.loaded).toBe(1);
    const problems = reload.refusal?.problems.join('\n') ?? '';
    for (const part of ['detector.yaml:4:1: prioriti: there is no such key', 'rules.yaml:3: ', 'rules.yaml:9: ']) {
      expect(problems).toContain(part);
      expect(log).toContain(part);
    }
    expect((await ask('/healthz')).body).toContain('was refused, the one before it still holds');
    expect(JSON.parse((await ask('/alerts')).body)).toMatchObject({ refusal: expect.stringContaining('refused') });
    await happened('one');
    await until('an alert of the old rules', alerts, (text) => text.includes('First of one'));
    await mount({ 'detector.yaml': configuration(), 'rules.yaml': rule('Good', 'ka.verb=create') });
    await until('the new rules', stats, (seen) => seen.reload.generation === 2 && seen.reload.refusal === undefined);
    expect((await ask('/healthz')).body).not.toContain('refused');
  }, 40_000);

  test('judges each event once while rules come and go', async () => {
    const count = 400;
    for (let n = 0; n < count; n++) {
      await happened(`e${String(n)}.`);
      if (n % 40 === 0) {
        await mount({ 'detector.yaml': configuration(), 'rules.yaml': rule(`Rule ${String(n)}`, 'ka.verb=create') });
        engine.kill('SIGHUP');
      }
    }
    const text = await until('all alerts', alerts, (seen) => seen.includes(`of e${String(count - 1)}.`));
    const names = [...text.matchAll(/of (e\d+\.)/g)].map(([, name]) => name);
    expect(names).toEqual(Array.from({ length: count }, (_, n) => `e${String(n)}.`));
    expect((await stats()).reload.generation).toBeGreaterThan(2);
  }, 40_000);

  test('begins its files again at SIGUSR1', async () => {
    await happened('one');
    await until('an alert', alerts, (text) => text.includes('First of one'));
    engine.kill('SIGUSR1');
    await happened('two');
    await until('a new file', alerts, (text) => text.includes('First of two') && !text.includes('one'));
    expect(await alerts('alerts.1')).toContain('First of one');
    expect(log).not.toContain('Debugger');
  }, 40_000);

  test('serves metrics and health on the Channel, and on a port of the loopback once it is told to', async () => {
    const port = await freePort();
    await mount({
      'detector.yaml': configuration(`listen: {port: ${String(port)}}\n`),
      'rules.yaml': rule('First', 'ka.verb=create'),
    });
    engine.kill('SIGHUP');
    await happened('one');
    const onLoopback = () => ask('/metrics', { host: '127.0.0.1', port });
    const { body } = await until('the alert', onLoopback, (seen) => seen.body.includes('rule="First"'));
    for (const sample of [
      'kubedrill_detector_alerts_total{rule="First",priority="Warning",source="k8s_audit"} 1',
      'kubedrill_detector_events_total{source="k8s_audit"} 1',
      'kubedrill_detector_alert_latency_seconds_count 1',
      'kubedrill_detector_reloads_total{result="taken"} 1',
      'kubedrill_detector_output_queue_alerts{output="file"} 0',
      'kubedrill_detector_drops_total{cause="ringFull"} 0',
    ]) {
      expect(body).toContain(`\n${sample}\n`);
    }
    expect((await ask('/metrics')).body).toContain('kubedrill_detector_healthy 0');
    expect(await ask('/healthz', { host: '127.0.0.1', port })).toMatchObject({ status: 503 });
    expect(await ask('/alerts', { host: '127.0.0.1', port })).toMatchObject({ status: 404 });
  }, 40_000);
});
