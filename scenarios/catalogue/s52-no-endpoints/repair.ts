import { done, notYet, waitFor } from '../../../core/index.ts';
import { isReady } from '../../cluster/objects.ts';
import { waitForPods } from '../../cluster/pods.ts';
import type { PlayContext } from '../../define.ts';
import { OTHER_DEPLOYMENT, portsPatch } from './causes.ts';
import { cartDeployment, DEPLOYMENT, LABELS, NAMESPACE, POD_PORT, REPLICAS, SERVICE } from './parts.ts';
import { answersEverywhere } from './reach.ts';

type Context = PlayContext<object>;

/** What a learner would correct, each variant at its own place. */
export async function correct(context: Context): Promise<void> {
  const { kube } = context.env.session;
  switch (context.variant) {
    case 'selector':
      await kube.patch(SERVICE, 'merge', { spec: { selector: { tier: null } } });
      return;
    case 'readiness':
      await kube.patch(DEPLOYMENT, 'json', [
        { op: 'replace', path: '/spec/template/spec/containers/0/readinessProbe/httpGet/port', value: POD_PORT },
      ]);
      return;
    case 'namespace':
      await kube.delete(OTHER_DEPLOYMENT);
      await kube.create(cartDeployment(context.env));
      return;
    default:
      await correctPort(context);
  }
}

/** Port, name and protocol as they were. */
export async function correctPort({ env }: Context): Promise<void> {
  await env.session.kube.patch(SERVICE, 'merge', portsPatch({}));
}

/** Both pods ready, and no third one on its way out. */
export async function waitForCart({ env }: Context, labels: Readonly<Record<string, string>> = LABELS): Promise<void> {
  await waitForPods(env.session, {
    namespace: NAMESPACE,
    labels,
    what: 'the pods of cart',
    timeoutMs: 60_000,
    accept: (pods) => pods.length === REPLICAS && pods.every(isReady),
  });
}

/** As somebody who repairs a thing tries it afterwards: kube-proxy follows some moments later. */
export async function untilItAnswers({ env }: Context): Promise<void> {
  await waitFor(
    async () => {
      const { ok, observed } = await answersEverywhere(env);
      return ok ? done(undefined) : notYet(observed);
    },
    { what: 'the Service cart to answer', timeoutMs: 30_000, clock: env.session.clock },
  );
}
