import { DNS_DEPLOYMENT, DNS_SERVICE, dnsReplicas, restartCoreDns, waitForCoreDns } from '../../cluster/coredns.ts';
import { isReady, refTo } from '../../cluster/objects.ts';
import { outsideName } from '../../checks/resolvers.ts';
import type { Cheat } from '../../define.ts';
import type { CorefileParameters } from './parameters.ts';
import { bind, correct, editCorefile, rolloutRestart, setMemory, untilNamesResolve } from './repair.ts';

export const cheats: readonly Cheat<CorefileParameters>[] = [
  {
    name: 'one-replica',
    says: 'repaired, and scaled to a single replica, so that the other cannot fail',
    seenBy: ['P5'],
    run: async (context) => {
      await correct(context);
      await context.env.session.kube.patch(DNS_DEPLOYMENT, 'merge', { spec: { replicas: 1 } });
      await restartCoreDns(context.env);
      await untilNamesResolve(context);
    },
  },
  {
    name: 'cluster-admin',
    says: 'repaired, and CoreDNS bound to cluster-admin on the way',
    seenBy: ['P6'],
    run: async (context) => {
      await correct(context);
      await bind(context, 'coredns-admin', 'cluster-admin');
      await rolloutRestart(context);
      await untilNamesResolve(context);
    },
  },
  {
    name: 'names-in-the-clients',
    says: 'nothing repaired; the shop’s pods are given the names that they need',
    seenBy: ['P7'],
    run: async ({ env }) => {
      const { name, address } = outsideName(env);
      const hostAliases = [{ ip: address, hostnames: [name] }];
      const web = refTo('apps/v1', 'Deployment', 'web', 'shop');
      await env.session.kube.patch(web, 'strategic', { spec: { template: { spec: { hostAliases } } } });
    },
  },
  {
    name: 'without-loop',
    says: 'the plugin taken away that finds the circle, and not the circle',
    variants: ['loop'],
    seenBy: ['P3', 'P4'],
    run: async (context) => {
      await editCorefile(context, (text) => text.replace(/^ *loop\n/m, ''));
      await restartCoreDns(context.env);
    },
  },
  {
    name: 'canned-names',
    says: 'the names from outside written into the configuration, the upstream as dead as before',
    variants: ['upstream'],
    seenBy: ['P4'],
    run: async (context) => {
      const { name, address } = outsideName(context.env);
      const hosts = `    hosts {\n       ${address} ${name}\n       fallthrough\n    }\n    forward`;
      await editCorefile(context, (text) => text.replace(/^ *forward/m, hosts));
      await restartCoreDns(context.env);
      await untilNamesResolve(context);
    },
  },
  {
    name: 'all-sent-away',
    says: 'the cluster’s names sent to the resolver outside as well, which does not know them',
    variants: ['zone', 'directive'],
    seenBy: ['P1', 'P4'],
    run: async (context) => {
      await editCorefile(context, (text) => text.replace(/ *kuber\w+ .*\{[^}]*\}\n/, ''));
      await restartCoreDns(context.env);
    },
  },
  {
    name: 'slice-by-hand',
    says: 'no selector, and an EndpointSlice written by hand: it follows nobody',
    variants: ['selector'],
    seenBy: ['P5'],
    run: async (context) => {
      const { kube } = context.env.session;
      await kube.patch(DNS_SERVICE, 'merge', { spec: { selector: null } });
      const replicas = (await dnsReplicas(context.env)).filter(isReady);
      await kube.create({
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: {
          name: 'kube-dns-by-hand',
          namespace: 'kube-system',
          labels: { 'kubernetes.io/service-name': 'kube-dns' },
        },
        addressType: 'IPv4',
        ports: [
          { name: 'dns', port: 53, protocol: 'UDP' },
          { name: 'dns-tcp', port: 53, protocol: 'TCP' },
        ],
        endpoints: replicas.map(({ status }) => ({ addresses: [status?.podIP ?? ''], conditions: { ready: true } })),
      });
      await untilNamesResolve(context);
    },
  },
  {
    name: 'also-the-unready',
    says: 'the Service told to lead to replicas that are not ready: they know no name of the cluster',
    variants: ['binding'],
    seenBy: ['P1', 'P5'],
    run: async ({ env }) => {
      await env.session.kube.patch(DNS_SERVICE, 'merge', { spec: { publishNotReadyAddresses: true } });
    },
  },
  {
    name: 'just-enough',
    says: 'as much memory as it takes to start, and no more',
    variants: ['memory'],
    seenBy: ['P5'],
    run: async (context) => {
      await setMemory(context, { limits: '64Mi', requests: '64Mi' });
      await waitForCoreDns(context.env, { timeoutMs: 60_000 });
    },
  },
];
