import { execaRunner } from '../../core/index.ts';
import type { ResetResult } from '../../scenarios/index.ts';
import { kubectl } from '../support/detector-lab.ts';
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

describe(`reset${gap ?? ''}`, () => {
  realTest(
    'brings rules, routes, sysctls, files and objects back, whatever was done to them',
    async () => {
      // What earlier tests left to themselves, e.g. a rollout of the detector, is not of this one's making.
      await resetAndTell('what was before');
      await onNode('worker', 'iptables -t nat -F; ip6tables -F; ip route add blackhole 10.244.77.0/24');
      await onNode('worker2', 'sysctl -qw net.ipv4.ip_forward=0; echo 192.0.2.1 nowhere >> /etc/hosts');
      await kubectl(lab, ['delete', 'deployment', 'web', '-n', 'shop']);
      await kubectl(lab, ['create', 'namespace', 'left-behind']);
      await kubectl(lab, ['create', 'configmap', 'left', '-n', 'left-behind', '--from-literal=a=b']);
      await kubectl(lab, ['patch', 'service', 'web', '-n', 'shop', '-p', '{"spec":{"selector":{"app":"nobody"}}}']);
      await kubectl(lab, ['taint', 'node', `${E2E_LAB}-worker`, 'left=behind:NoSchedule']);
      expect(await resetAndTell('rules, routes, sysctls and objects')).toMatchObject({ lab: E2E_LAB, residue: [] });
      expect(await kubedrillJson(['status', '--name', E2E_LAB])).toMatchObject({ ready: true });
    },
    4 * MINUTE_MS,
  );

  realTest(
    'brings the control plane and kubelets back',
    async () => {
      await onNode('control-plane', 'mv /etc/kubernetes/manifests/kube-scheduler.yaml /root/');
      await onNode(
        'control-plane',
        "sed -i 's/--secure-port=6443/--secure-port=6444/' /etc/kubernetes/manifests/kube-apiserver.yaml",
      );
      await onNode('worker', 'systemctl disable --now kubelet');
      expect(await resetAndTell('API server, scheduler and a kubelet')).toMatchObject({ lab: E2E_LAB, residue: [] });
      await onNode('control-plane', 'rm -f /root/kube-scheduler.yaml');
    },
    5 * MINUTE_MS,
  );
});
