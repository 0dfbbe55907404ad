import { planConfiguration } from '../../../../../labs/snapshot/restore/configuration-plan.ts';
import { pictureOf } from '../../../../../labs/snapshot/take-snapshot.ts';
import type { NodeDump } from '../../../../../labs/snapshot/node-script.ts';
import { fixture } from '../fixtures/load.ts';

const { dump, cluster } = fixture('idle');
const ARCHIVE = Buffer.from('the packed files').toString('base64');
const saved = pictureOf('lab-worker', { ...dump, archive: ARCHIVE }, cluster.lineageByIp);

const KUBELET_CONFIG = '/var/lib/kubelet/config.yaml';
const KUBELET_UNIT = '/etc/systemd/system/kubelet.service';

const without = (text: string, word: string): string =>
  text
    .split('\n')
    .filter((line) => !line.includes(word))
    .join('\n');
const scriptFor = (changes: Partial<NodeDump>): readonly string[] =>
  planConfiguration(saved, { ...dump, ...changes }).script.split('\n');

test('a node that is as it was needs nothing', () => {
  expect(planConfiguration(saved, dump)).toEqual({ script: '', differences: [] });
});

test('a file that is gone comes out of the archive, and the service that reads it starts again', () => {
  const script = scriptFor({ 'file-facts': without(dump['file-facts'], KUBELET_CONFIG) }).join('\n');
  expect(script).toContain(`echo ${ARCHIVE} | base64 -d | tar -C / `);
  expect(script).toContain(`-- ${KUBELET_CONFIG.slice(1)}`);
  expect(script).toContain('systemctl restart kubelet.service');
  expect(script).not.toContain('containerd');
});

test('a file with other content comes out of the archive', () => {
  const sums = dump['file-sums'].replace(new RegExp(`^[0-9a-f]{8}(.*${KUBELET_CONFIG})`, 'm'), '00000000$1');
  expect(sums).not.toBe(dump['file-sums']);
  expect(scriptFor({ 'file-sums': sums }).join('\n')).toContain(`-- ${KUBELET_CONFIG.slice(1)} || failed=1`);
});

test('a foreign file goes, also one with a blank in its name', () => {
  const facts = `${dump['file-facts']}/etc/kubernetes/manifests/my pod.yaml 644 root:root \n`;
  expect(scriptFor({ 'file-facts': facts })).toContain(`rm -f '/etc/kubernetes/manifests/my pod.yaml' || failed=1`);
});

test('after a change of a unit systemd reads its files before anything starts', () => {
  const script = scriptFor({ 'file-facts': without(dump['file-facts'], `${KUBELET_UNIT} `) });
  const reload = script.indexOf('systemctl daemon-reload || failed=1');
  expect(reload).toBeGreaterThan(script.findIndex((line) => line.includes(' tar ')));
  expect(script.findIndex((line) => line.includes('restart kubelet'))).toBeGreaterThan(reload);
});

test('a stopped service starts, containerd before the kubelet', () => {
  const units = without(without(dump.units, 'kubelet.service'), 'containerd.service');
  const starts = scriptFor({ units }).filter((line) => line.includes('systemctl restart'));
  expect(starts.map((line) => /restart (\S+);/.exec(line)?.[1])).toEqual(['containerd.service', 'kubelet.service']);
});

test('a service that failed starts; it is not stopped as a foreign one', () => {
  const units = dump.units.replace(/^(kubelet\.service +loaded) active running/m, '$1 failed failed');
  expect(units).not.toBe(dump.units);
  const script = scriptFor({ units }).join('\n');
  expect(script).toContain('systemctl restart kubelet.service');
  expect(script).not.toContain('systemctl stop');
});

test('a foreign service stops', () => {
  const script = scriptFor({ units: `${dump.units}miner.service loaded active running Miner\n` }).join('\n');
  expect(script).toContain('systemctl stop miner.service');
  expect(script).not.toContain('restart');
});

test('a foreign timer stops, also while its service runs', () => {
  for (const state of ['waiting', 'running']) {
    const script = scriptFor({ units: `${dump.units}route-keeper.timer loaded active ${state} Routes\n` }).join('\n');
    expect(script).toContain('systemctl stop route-keeper.timer');
  }
});

test('a timer that was stopped is set again', () => {
  const timer = 'logrotate.timer loaded active waiting Logs\n';
  const before = pictureOf('lab-worker', { ...dump, units: `${dump.units}${timer}` }, cluster.lineageByIp);
  expect(planConfiguration(before, dump).script).toContain('systemctl restart logrotate.timer');
  const busy = { ...dump, units: `${dump.units}${timer.replace('waiting', 'running')}` };
  expect(planConfiguration(before, busy).differences).toEqual([]);
});

test('a foreign device node goes', () => {
  expect(scriptFor({ devices: `${dump.devices}/dev/video0 c 666\n` })).toContain('rm -f /dev/video0 || failed=1');
});

test('a program of the CNI that is gone is named, but nothing can be run for it', () => {
  const plan = planConfiguration(saved, { ...dump, 'file-facts': without(dump['file-facts'], '/opt/cni/bin/portmap') });
  expect(plan.script).toBe('');
  expect(plan.differences).toEqual([expect.stringContaining('files: missing /opt/cni/bin/portmap')]);
});

test('only the tables that were asked for are restored', () => {
  const changed = { ...dump, units: '', devices: `${dump.devices}/dev/video0 c 666\n` };
  expect(planConfiguration(saved, changed, ['devices', 'ip nat']).differences).toEqual([
    'devices: added /dev/video0 c 666',
  ]);
});

test('a process that somebody stopped goes on before anything is started', () => {
  const script = scriptFor({ stopped: 'kube-proxy\n', units: without(dump.units, 'kubelet.service') });
  const goesOn = script.indexOf('pkill -CONT -x kube-proxy || failed=1');
  expect(goesOn).toBeGreaterThan(-1);
  expect(script.findIndex((line) => line.includes('restart kubelet'))).toBeGreaterThan(goesOn);
});

test('after a change of a key that static pods read when they start, those start again', () => {
  const key = '/etc/kubernetes/pki/ca.crt';
  const facts = dump['file-facts'].replace(/^\S*\/kubelet\.conf .*$/m, (line) => `${line}\n${key} 644 root:root `);
  const withKey = pictureOf('lab-worker', { ...dump, archive: ARCHIVE, 'file-facts': facts }, cluster.lineageByIp);
  const { script } = planConfiguration(withKey, dump);
  expect(script).toContain(`-- ${key.slice(1)}`);
  expect(script).toContain('crictl ps -q --name');
  expect(scriptFor({ 'file-facts': without(dump['file-facts'], KUBELET_CONFIG) }).join('\n')).not.toContain('crictl');
});
