import fc from 'fast-check';
import { kubernetesZones, parseCorefile } from '../../../../scenarios/cluster/corefile.ts';

const KUBEADM = `.:53 {
    errors
    health {
       lameduck 5s
    }
    kubernetes cluster.local in-addr.arpa ip6.arpa {
       pods insecure
       ttl 30
    }
    forward . /etc/resolv.conf {
       max_concurrent 1000
    }
    # loop
    cache 30 # seconds
}
`;

describe('a Corefile', () => {
  test('has the plugins of its servers, without their options and without comments', () => {
    expect(parseCorefile(KUBEADM)).toEqual([
      {
        zones: ['.'],
        plugins: [
          { name: 'errors', args: [] },
          { name: 'health', args: [] },
          { name: 'kubernetes', args: ['cluster.local', 'in-addr.arpa', 'ip6.arpa'] },
          { name: 'forward', args: ['.', '/etc/resolv.conf'] },
          { name: 'cache', args: ['30'] },
        ],
      },
    ]);
  });

  test('may have several servers, for zones with and without a port', () => {
    const text = 'dns://Cluster.local.:53, example.test {\n  kubernetes\n}\n.:53 {\n  errors\n}\n';
    expect(parseCorefile(text).map(({ zones }) => zones)).toEqual([['cluster.local', 'example.test'], ['.']]);
  });

  test('answers for the zones of kubernetes, which are those of the server where it names none', () => {
    expect(kubernetesZones(parseCorefile(KUBEADM))).toEqual(['cluster.local', 'in-addr.arpa', 'ip6.arpa']);
    expect(kubernetesZones(parseCorefile('cluster.local:53 {\n  kubernetes\n}\n'))).toEqual(['cluster.local']);
    expect(kubernetesZones(parseCorefile('.:53 {\n  errors\n}\n'))).toEqual([]);
  });

  test('is read whatever it is', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('{', '}', '\n', ' ', '#', 'a', '.:53')).map((parts) => parts.join('')),
        (text) => {
          expect(Array.isArray(parseCorefile(text))).toBe(true);
        },
      ),
    );
  });
});
