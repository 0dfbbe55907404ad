import { causes } from '../../../../scenarios/catalogue/s49-dns-corefile/causes.ts';
import { problemsOf } from '../../../../scenarios/catalogue/s49-dns-corefile/corefile.ts';
import { withOwnServer } from '../../../../scenarios/catalogue/s49-dns-corefile/fixes.ts';
import { parseCorefile } from '../../../../scenarios/cluster/corefile.ts';
import type { Journal } from '../../../../scenarios/journal/journal.ts';
import { stepContextOf } from '../../../../scenarios/runner/context.ts';
import { fakeWorld, type FakeWorld } from '../support/fake-world.ts';

/** As kubeadm 1.35 writes it. */
const COREFILE = `.:53 {
    errors
    health {
       lameduck 5s
    }
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
       pods insecure
       fallthrough in-addr.arpa ip6.arpa
       ttl 30
    }
    prometheus :9153
    forward . /etc/resolv.conf {
       max_concurrent 1000
    }
    cache 30 {
       disable success cluster.local
       disable denial cluster.local
    }
    loop
    reload
    loadbalance
}
`;

const problems = (text: string): readonly string[] => problemsOf(parseCorefile(text));

describe('a configuration of DNS', () => {
  test.each([
    ['as kubeadm writes it', COREFILE],
    ['with a server of its own for the zone', withOwnServer(COREFILE)],
    ['that forwards to an address', COREFILE.replace('/etc/resolv.conf', '172.18.0.1')],
  ])('%s is whole', (_name, text) => {
    expect(problems(text)).toEqual([]);
  });

  test.each([
    ['without loop', COREFILE.replace('    loop\n', ''), ['the Corefile has no loop']],
    [
      'for another zone',
      COREFILE.replace('kubernetes cluster.local', 'kubernetes cluster.locl'),
      ['kubernetes answers for cluster.locl, in-addr.arpa, ip6.arpa'],
    ],
    [
      'with a list of names',
      COREFILE.replace('    forward', '    hosts {\n       10.0.0.1 a\n    }\n    forward'),
      ['the Corefile answers out of its own text: hosts'],
    ],
    [
      'without a kubernetes',
      COREFILE.replace('kubernetes', 'kuberntes'),
      ['the Corefile has no kubernetes', 'kubernetes answers for no zone'],
    ],
  ])('%s is not', (_name, text, expected) => {
    expect(problems(text)).toEqual(expected);
  });
});

describe('a cause', () => {
  let world: FakeWorld;
  const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'coredns', namespace: 'kube-system' } };
  beforeEach(async () => {
    world = await fakeWorld([], [{ ...config, data: { Corefile: COREFILE } }]);
  });
  afterEach(() => world.remove());

  test.each(causes.filter(({ changesConfigMap }) => changesConfigMap).map(({ id }) => id))(
    '%s changes exactly one line of the Corefile',
    async (id) => {
      const journal = { state: () => ({ run: 'r', facts: {} }) } as unknown as Journal;
      const plan = { variant: id, seed: 1, parameters: { restart: 'all' as const } };
      const context = stepContextOf(world.env, journal, plan, () => undefined);
      await causes
        .find((one) => one.id === id)
        ?.step(context)
        .run(context);
      const ref = { ...config, name: 'coredns', namespace: 'kube-system' };
      const { Corefile = '' } = (await world.kube.get(ref))?.['data'] as Readonly<Record<string, string>>;
      const before = COREFILE.split('\n');
      expect(Corefile.split('\n').filter((line, index) => line !== before[index])).toHaveLength(1);
    },
  );
});
