import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gradeSchema, stopSchema } from '../../cli/schemas/grade.ts';
import { execaRunner, pathsFrom } from '../../core/index.ts';
import { detectorLab, kubectl } from '../support/detector-lab.ts';
import { E2E_LAB } from '../support/e2e-lab.ts';
import { engineGap } from '../support/engine.ts';
import { kubedrillJson } from '../support/kubedrill.ts';

const gap = await engineGap();
const realTest = gap === undefined ? test : test.skip;
const inLab = ['--name', E2E_LAB];
const MINUTE_MS = 60_000;

/** What `kubectl auth can-i` says of the grader. */
async function mayGrader(question: readonly string[]): Promise<string> {
  const ask = ['kubectl', '--kubeconfig=/etc/kubernetes/admin.conf', 'auth', 'can-i', '--as=kubedrill-grader'];
  const { stdout } = await execaRunner().run('docker', ['exec', `${E2E_LAB}-control-plane`, ...ask, ...question], {
    okExitCodes: [0, 1],
  });
  return stdout.trim();
}

/** A grade of the open run, which nobody has solved. */
async function gradeUnsolved(): Promise<ReturnType<typeof gradeSchema.parse>> {
  return gradeSchema.parse(await kubedrillJson(['grade', ...inLab], [3]));
}

describe(`the grader's own access${gap ?? ''}`, () => {
  realTest(
    'is to read, does not depend on the learner’s kubeconfig, and its loss is told',
    async () => {
      await kubedrillJson(['start', 'no-endpoints', ...inLab]);
      const kubeconfig = join(pathsFrom(process.env).state, E2E_LAB, 'kubeconfig');
      const own = readFileSync(kubeconfig, 'utf8');
      try {
        expect(await answersOf(MAY)).toEqual(MAY.map(() => 'yes'));
        expect(await answersOf(MAY_NOT)).toEqual(MAY_NOT.map(() => 'no'));

        const before = await gradeUnsolved();
        expect([before.passed, before.inconclusive]).toEqual([false, false]);

        // Somebody without rights, in place of the admin.
        writeFileSync(kubeconfig, own.replace(/client-(certificate|key)-data: .*/g, 'client-$1-data: ""'));
        const misled = await gradeUnsolved();
        expect(misled.checks.map(({ observed }) => observed)).toEqual(before.checks.map(({ observed }) => observed));
        writeFileSync(kubeconfig, own);

        await kubectl(await detectorLab(E2E_LAB), ['delete', 'clusterrolebinding', 'kubedrill-grader']);
        const voided = await gradeUnsolved();
        expect(voided.inconclusiveReasons).toContainEqual(
          expect.stringContaining('ClusterRoleBinding kubedrill-grader is gone'),
        );
      } finally {
        writeFileSync(kubeconfig, own);
        const stopped = stopSchema.parse(await kubedrillJson(['stop', ...inLab]));
        expect(stopped.residue).toEqual([]);
      }
    },
    5 * MINUTE_MS,
  );
});

const MAY = [
  ['list', 'pods', '--all-namespaces'],
  ['get', 'nodes'],
  ['list', 'secrets', '--all-namespaces'],
  ['get', 'pods', '--subresource=log', '--namespace=kube-system'],
  ['create', 'subjectaccessreviews.authorization.k8s.io'],
  ['get', '/readyz'],
];

const MAY_NOT = [
  ['create', 'services', '--namespace=shop'],
  ['delete', 'pods', '--namespace=shop'],
  ['patch', 'deployments.apps', '--namespace=shop'],
  ['create', 'pods', '--subresource=exec', '--namespace=shop'],
  ['create', 'serviceaccounts', '--subresource=token', '--namespace=shop'],
  ['update', 'configmaps', '--namespace=kubedrill-system'],
  ['impersonate', 'users'],
  ['bind', 'clusterroles'],
  ['escalate', 'clusterroles'],
];

function answersOf(questions: readonly (readonly string[])[]): Promise<readonly string[]> {
  return Promise.all(questions.map(mayGrader));
}
