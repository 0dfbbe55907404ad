import {
  DNS_BINDING,
  DNS_CONFIG,
  DNS_DEPLOYMENT,
  DNS_SERVICE,
  restartCoreDns,
  waitForCoreDns,
} from '../../cluster/coredns.ts';
import { resolverOf } from '../../cluster/dns-query.ts';
import { controlPlaneOf } from '../../cluster/nodes.ts';
import { pictured } from '../../cluster/pictured.ts';
import { rollBack } from '../../cluster/roll-back.ts';
import type { Play } from '../../define.ts';
import { putBack } from '../../faults/undo/object.ts';
import type { CorefileParameters } from './parameters.ts';
import { bind, editCorefile, forwardTo } from './repair.ts';

/** Other ways to repair it, two for all variants and one for some. */
export const fixes: readonly Play<CorefileParameters>[] = [
  {
    name: 'kubeadm-phase',
    says: 'the ConfigMap deleted, since kubeadm keeps one that is there, and the add-on laid down again',
    run: async (context) => {
      await context.env.session.kube.delete(DNS_CONFIG);
      const phase = ['init', 'phase', 'addon', 'coredns', '--config', '/kind/kubeadm.conf'];
      await controlPlaneOf(context.env.session).exec(['kubeadm', ...phase], { timeoutMs: 60_000 });
      await restartCoreDns(context.env);
    },
  },
  {
    name: 'from-a-backup',
    says: 'the objects of DNS put back from a backup, and the replicas deleted',
    run: async ({ env, before }) => {
      for (const ref of [DNS_BINDING, DNS_CONFIG, DNS_SERVICE, DNS_DEPLOYMENT]) {
        const saved = pictured(before, ref);
        if (saved !== undefined) await putBack(env.session.kube, saved);
      }
      await restartCoreDns(env);
    },
  },
  {
    name: 'a-server-of-its-own',
    says: 'the cluster’s zone given a server block of its own',
    variants: ['zone', 'directive'],
    run: async (context) => {
      await editCorefile(context, withOwnServer);
      await restartCoreDns(context.env);
    },
  },
  {
    name: 'resolver-by-address',
    says: 'names from outside sent to the address that the machine’s own resolver has',
    variants: ['loop', 'upstream'],
    run: async (context) => {
      await forwardTo(context, await resolverOf(controlPlaneOf(context.env.session)));
      await restartCoreDns(context.env);
    },
  },
  {
    name: 'another-label',
    says: 'a label of one’s own on the replicas and in the Service',
    variants: ['selector'],
    run: async ({ env }) => {
      const labels = { 'cluster-dns': 'yes' };
      await env.session.kube.patch(DNS_DEPLOYMENT, 'strategic', { spec: { template: { metadata: { labels } } } });
      await waitForCoreDns(env, { timeoutMs: 60_000 });
      await env.session.kube.patch(DNS_SERVICE, 'merge', { spec: { selector: { ...labels, 'k8s-app': null } } });
    },
  },
  {
    name: 'binding-of-another-name',
    says: 'the binding made again under a name of one’s own, and nothing restarted',
    variants: ['binding'],
    run: async (context) => {
      await bind(context, 'dns-again', 'system:coredns');
      await waitForCoreDns(context.env, { timeoutMs: 90_000 });
    },
  },
  {
    name: 'roll-back',
    says: 'the Deployment rolled back to its former revision',
    variants: ['memory'],
    run: async (context) => {
      await rollBack(context.env, DNS_DEPLOYMENT);
      await waitForCoreDns(context.env, { timeoutMs: 60_000 });
    },
  },
];

/** Takes the `kubernetes` plugin (misspelt or not) with its options out of the server of everything, and makes one for its zone. */
export function withOwnServer(text: string): string {
  const plugin = / *kuber\w+ .*\{[^}]*\}\n/;
  return OWN_SERVER + text.replace(plugin, '');
}

const OWN_SERVER = `cluster.local:53 {
    errors
    kubernetes {
       pods insecure
       ttl 30
    }
    loadbalance
}
`;
