import { candidateNames, parseResolvConf } from '../../../../../network/agent/dns/search-list.ts';

const POD = `search kubedrill-probes.svc.cluster.local svc.cluster.local cluster.local
nameserver 10.96.0.10
options ndots:5
`;

describe('the resolver settings of a pod', () => {
  test('are read from resolv.conf', () => {
    expect(parseResolvConf(POD)).toEqual({
      servers: ['10.96.0.10'],
      search: ['kubedrill-probes.svc.cluster.local', 'svc.cluster.local', 'cluster.local'],
      ndots: 5,
    });
  });

  test('have one dot as their limit when the file does not say', () => {
    expect(parseResolvConf('nameserver 10.0.0.1\n# options ndots:9\n').ndots).toBe(1);
  });

  test.each([
    ['all', ['all.kubedrill-probes.svc.cluster.local.', 'all.svc.cluster.local.', 'all.cluster.local.', 'all.']],
    [
      'a.b.c.d.e.f',
      [
        'a.b.c.d.e.f.',
        'a.b.c.d.e.f.kubedrill-probes.svc.cluster.local.',
        'a.b.c.d.e.f.svc.cluster.local.',
        'a.b.c.d.e.f.cluster.local.',
      ],
    ],
    ['all.svc.', ['all.svc.']],
  ])('make of %s the names %j', (name, expected) => {
    expect(candidateNames(name, parseResolvConf(POD))).toEqual(expected);
  });
});
