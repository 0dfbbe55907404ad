import { rollBack } from '../../cluster/roll-back.ts';
import type { Play } from '../../define.ts';
import { OTHER_DEPLOYMENT, portsPatch } from './causes.ts';
import { cartDeployment, cartService, DEPLOYMENT, LABELS, POD_PORT, PORT, SERVICE } from './parts.ts';
import { waitForCart } from './repair.ts';

/** Other ways to repair it, one for all variants and one for each. */
export const fixes: readonly Play<object>[] = [
  {
    name: 'made-anew',
    says: 'Service and Deployment deleted and made again, at the same address',
    run: async (context) => {
      const { kube } = context.env.session;
      for (const ref of [SERVICE, DEPLOYMENT, OTHER_DEPLOYMENT]) await kube.delete(ref);
      await kube.create(cartService());
      await kube.create(cartDeployment(context.env));
      await waitForCart(context);
    },
  },
  {
    name: 'label-on-the-pods',
    says: 'the label that the selector asks for given to the pods by their Deployment',
    variants: ['selector'],
    run: async (context) => {
      const patch = { spec: { template: { metadata: { labels: { tier: 'backend' } } } } };
      await context.env.session.kube.patch(DEPLOYMENT, 'strategic', patch);
      await waitForCart(context, { ...LABELS, tier: 'backend' });
    },
  },
  {
    name: 'port-by-number',
    says: 'the port of the pods named by its number',
    variants: ['target-port'],
    run: async (context) => {
      await context.env.session.kube.patch(SERVICE, 'merge', portsPatch({ targetPort: POD_PORT }));
    },
  },
  {
    name: 'roll-back',
    says: 'the Deployment rolled back to its former revision',
    variants: ['readiness'],
    run: async (context) => {
      await rollBack(context.env, DEPLOYMENT);
      await waitForCart(context);
    },
  },
  {
    name: 'both-stay',
    says: 'the Deployment made again beside its Service; the other one stays where it is',
    variants: ['namespace'],
    run: async (context) => {
      await context.env.session.kube.create(cartDeployment(context.env));
      await waitForCart(context);
    },
  },
  {
    name: 'both-protocols',
    says: 'the port over both protocols',
    variants: ['protocol'],
    run: async (context) => {
      const port = { port: PORT, targetPort: POD_PORT };
      const ports = ['TCP', 'UDP'].map((protocol) => ({ ...port, protocol, name: protocol.toLowerCase() }));
      await context.env.session.kube.patch(SERVICE, 'merge', { spec: { ports } });
    },
  },
];
