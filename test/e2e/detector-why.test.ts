import { liveWhySchema } from '../../cli/schemas/detector.ts';
import { ownRules } from '../../detector/addon/own-rules.ts';
import { NAMESPACE, podObject } from '../support/detector-actions/pods.ts';
import {
  apply,
  containerOf,
  detectorLab,
  execInContainer,
  kubectl,
  loadRules,
  toolboxImage,
} from '../support/detector-lab.ts';
import { E2E_LAB } from '../support/e2e-lab.ts';
import { engineGap } from '../support/engine.ts';
import { kubedrill, kubedrillJson } from '../support/kubedrill.ts';

const gap = await engineGap();
const RULE = 'Digest that is checked';
const RULES = `
- rule: ${RULE}
  desc: A rule of this test alone.
  condition: spawned_process and container and proc.name = sha1sum and proc.args contains --check
  output: A digest is checked (command=%proc.cmdline)
  priority: NOTICE
`;

describe(`why a rule did not fire in a lab${gap ?? ''}`, () => {
  (gap === undefined ? test : test.skip)(
    'is told of what a pod has just done, with the value that was in its way',
    async () => {
      const lab = await detectorLab(E2E_LAB);
      const node = lab.nodes.at(-1) ?? '';
      const why = ['detector', 'why', RULE, '--name', E2E_LAB];
      await loadRules(lab, [...ownRules(), { name: '90-test.yaml', content: RULES }]);
      try {
        await apply(lab, [
          { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
          podObject('plain', { image: await toolboxImage(lab), node, name: 'why' }),
        ]);
        const container = await containerOf(lab, NAMESPACE, 'why');
        await execInContainer(node, container, ['sha1sum', '/etc/hostname']);

        const missed = liveWhySchema.parse(await kubedrillJson(why));
        expect(missed).toMatchObject({ fires: false, fulfilled: [], silent: [] });
        expect(missed.explained[0]).toMatchObject({ type: 'execve', verdict: 'false', seen: { node } });
        expect(missed.explained[0]?.because).toMatchObject([
          { text: 'proc.args contains --check', fields: [{ name: 'proc.args', values: ['/etc/hostname'] }] },
        ]);
        const event = String(missed.explained[0]?.event);
        expect((await kubedrill([...why, '--at', event])).stdout).toContain(`Event ${event} on ${node} at `);

        await execInContainer(node, container, ['sh', '-c', 'sha1sum /etc/hostname | sha1sum --check']);
        const fired = liveWhySchema.parse(await kubedrillJson(why));
        expect(fired).toMatchObject({ fires: true, fulfilled: [{ seen: { node } }] });
      } finally {
        await kubectl(lab, ['delete', 'namespace', NAMESPACE, '--wait=true', '--timeout=100s', '--ignore-not-found']);
        await loadRules(lab, ownRules());
      }
    },
    300_000,
  );
});
