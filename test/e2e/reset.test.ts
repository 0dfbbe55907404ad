import { execaRunner } from '../../core/index.ts';
import type { ResetResult } from '../../scenarios/index.ts';
import { apply, kubectl, toolboxImage } from '../support/detector-lab.ts';
import { E2E_LAB } from '../support/e2e-lab.ts';
import { engineGap } from '../support/engine.ts';
import { kubedrillJson } from '../support/kubedrill.ts';

const gap = await engineGap();
const realTest = gap === undefined ? test : test.skip;
const MINUTE_MS = 60_000;
const lab = { name: E2E_LAB, nodes: [] };

function onNode(node: string, script: string): Promise<unknown> {
  return execaRunner().run('docker', ['exec', `${E2E_LAB}-${node}`, 'bash', '-ec', script]);
}

async function resetAndTell(what: string): Promise<ResetResult> {
  const result = await kubedrillJson<ResetResult>(['reset', '--name', E2E_LAB], [0, 1]);
  process.stderr.write(`reset after ${what}: ${(result.tookMs / 1000).toFixed(1)} s\n`);
  return result;
}

const whole = { lab: E2E_LAB, residue: [], unready: '', notes: [] };

describe(`reset${gap ?? ''}`, () => {
  realTest(
    'brings rules, routes, sysctls and files back, also where they hide the API server',
    async () => {
      // What earlier tests left to themselves, e.g. a rollout of the detector, is not of this one's making.
      await resetAndTell('what was before');
      await onNode('worker', 'iptables -t nat -F; ip6tables -F; ip route add blackhole 10.244.77.0/24');
      await onNode(
        'worker2',
        'sysctl -qw net.ipv4.ip_forward=0; echo 192.0.2.1 nowhere >> /etc/hosts; nft flush ruleset',
      );
      await onNode('control-plane', 'iptables -P INPUT DROP; iptables -F INPUT');
      expect(await resetAndTell('rules, routes and sysctls')).toMatchObject(whole);
    },
    4 * MINUTE_MS,
  );

  realTest(
    'brings objects back: deleted, changed, foreign ones, and what others read of them',
    async () => {
      const image = await toolboxImage(lab);
      const containers = [{ name: 'sleeper', image, imagePullPolicy: 'Never', command: ['sleep', 'infinity'] }];
      await kubectl(lab, ['delete', 'deployment,service', 'web', '-n', 'shop']);
      await apply(lab, [
        { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'left-behind' } },
        { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'left', namespace: 'left-behind' }, spec: { containers } },
        {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'kept', namespace: 'left-behind', finalizers: ['kubedrill.test/never'] },
        },
        { ...refusesAll, metadata: { name: 'refuses-all' } },
      ]);
      await kubectl(lab, ['label', 'node', `${E2E_LAB}-worker`, 'left=behind', 'beta.kubernetes.io/os-']);
      await kubectl(lab, ['taint', 'node', `${E2E_LAB}-worker2`, 'left=behind:NoSchedule']);
      const mode = { data: { 'config.conf': await proxyConfig('nftables') } };
      await kubectl(lab, ['patch', 'configmap', 'kube-proxy', '-n', 'kube-system', '-p', JSON.stringify(mode)]);
      await kubectl(lab, ['delete', 'pods', '-n', 'kube-system', '-l', 'k8s-app=kube-proxy']);
      expect(await resetAndTell('objects')).toMatchObject(whole);
      expect(await kubedrillJson(['status', '--name', E2E_LAB])).toMatchObject({ ready: true });
      expect(await proxyConfig()).toContain('mode: iptables');
    },
    5 * MINUTE_MS,
  );

  realTest(
    'brings the control plane, kubelets, a Node and the rights of the administrator back',
    async () => {
      await kubectl(lab, ['delete', 'node', `${E2E_LAB}-worker2`]);
      await kubectl(lab, ['delete', 'clusterrolebinding', 'kubeadm:cluster-admins']);
      await onNode('control-plane', 'mv /etc/kubernetes/manifests/kube-scheduler.yaml /root/');
      const file = '/etc/kubernetes/manifests/kube-apiserver.yaml';
      await onNode('control-plane', `sed -i 's/--secure-port=6443/--secure-port=6444/' ${file}`);
      await onNode('worker', 'systemctl disable --now kubelet');
      expect(await resetAndTell('API server, scheduler, a kubelet and a Node')).toMatchObject(whole);
      await onNode('control-plane', 'rm -f /root/kube-scheduler.yaml');
    },
    6 * MINUTE_MS,
  );

  realTest(
    'ends a challenge that runs, and what it leaves is as fresh as before',
    async () => {
      await kubedrillJson(['start', 'S01', '--name', E2E_LAB]);
      expect(await resetAndTell('a challenge')).toMatchObject({ ...whole, stopped: 'S01' });
      expect(await kubedrillJson(['status', '--name', E2E_LAB])).toMatchObject({ ready: true, run: null });
    },
    5 * MINUTE_MS,
  );
});

/** Every request to change something asks an address where nobody is. */
const refusesAll = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingWebhookConfiguration',
  webhooks: [
    {
      name: 'refuses.kubedrill.test',
      clientConfig: { url: 'https://127.0.0.1:9/' },
      rules: [{ apiGroups: ['apps'], apiVersions: ['*'], operations: ['*'], resources: ['deployments'] }],
      failurePolicy: 'Fail',
      sideEffects: 'None',
      admissionReviewVersions: ['v1'],
    },
  ],
};

/** kube-proxy's configuration, in this mode instead of its own where one is given. */
async function proxyConfig(mode?: string): Promise<string> {
  const text = await kubectl(lab, [
    'get',
    'cm',
    'kube-proxy',
    '-n',
    'kube-system',
    '-o',
    String.raw`jsonpath={.data.config\.conf}`,
  ]);
  return mode === undefined ? text : text.replace(/^mode: .*$/m, `mode: ${mode}`);
}
