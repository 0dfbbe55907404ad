import { compareRules } from '../../../../network/rules/compare-rules.ts';
import { expectedRules } from '../../../../network/rules/expected-rules.ts';
import { chainOf, endpointChain } from '../../../../network/rules/proxy-chains.ts';
import { usedEndpoints, type ServicePort } from '../../../../network/rules/service-ports.ts';
import {
  CLUSTER_CIDRS,
  RECORDED_NODE,
  recordedPort,
  recordedPorts,
  recordedTables,
  without,
} from '../../../support/recorded-node.ts';

function differences(change?: (text: string) => string, ports: readonly ServicePort[] = recordedPorts()) {
  const facts = { node: RECORDED_NODE, family: 'ipv4', clusterCidrs: CLUSTER_CIDRS, nodeAddresses: [] } as const;
  return compareRules(recordedTables(change), expectedRules(ports, facts)).map(({ kind, says }) => `${kind}: ${says}`);
}

describe('the rules of a recorded node beside those that kube-proxy should have written', () => {
  const web = recordedPort('shop/web:http');

  test('are the same', () => {
    expect(differences()).toEqual([]);
  });

  test('lack a Service whose jump was deleted', () => {
    expect(differences(without(/^-A KUBE-SERVICES .*shop\/web:http cluster IP/))).toEqual([
      `missing: missing: the way of shop/web:http from its cluster IP ${web.clusterIP}:80`,
    ]);
  });

  test('lack everything after a flush of nat', () => {
    const flushed = differences((text) => text.replace(/(\*nat[\s\S]*?)\n-A [\s\S]*?COMMIT/, '$1\nCOMMIT'));
    expect(flushed.length).toBeGreaterThan(60);
    expect(flushed).toContain('missing: missing: the way from what comes in to the Services');
  });

  test('still lead to a pod that is gone', () => {
    const [gone, ...others] = web.endpoints;
    const at = `${gone?.address ?? ''}:8080`;
    const found = differences(undefined, [
      ...recordedPorts().filter(({ name }) => name !== web.name),
      { ...web, endpoints: others },
    ]);
    expect(found).toContain(`foreign: too much: shop/web:http is still led to ${at}`);
    expect(found.filter((text) => text.startsWith('uneven'))).not.toEqual([]);
  });

  test('are uneven when one endpoint is preferred', () => {
    expect(
      differences((text) => text.replace(/(shop\/web:http -> .*--probability) 0\.25\d*/, '$1 0.90000000000')),
    ).toEqual([
      expect.stringMatching(/^uneven: .* is taken by 90.0 % of the calls instead of 25.0 %$/),
      expect.stringMatching(/^uneven: /),
      expect.stringMatching(/^uneven: /),
      expect.stringMatching(/^uneven: /),
    ]);
  });

  test('name a rule that somebody added to a chain of kube-proxy', () => {
    expect(
      differences((text) =>
        text.replace('-A KUBE-NODEPORTS', '-A KUBE-NODEPORTS -p tcp --dport 22 -j RETURN\n-A KUBE-NODEPORTS'),
      ),
    ).toEqual(['foreign: too much: -p tcp --dport 22 -j RETURN']);
  });
});

describe('the chains of a port', () => {
  test('have the names that kube-proxy gave them on a real cluster', () => {
    const kubernetes = { name: 'default/kubernetes:https', protocol: 'tcp' } as const;
    expect(chainOf('SVC', kubernetes)).toBe('KUBE-SVC-NPX46M4PTMTKRN6Y');
    const web = { name: 'shop/web:http', protocol: 'tcp' } as const;
    expect(endpointChain(web, '10.244.0.8:8080')).toBe('KUBE-SEP-A5SSNHTSPSJVNQ6T');
  });
});

describe('the endpoints that kube-proxy uses', () => {
  const base = recordedPort('shop/web:http');
  const [one, two] = base.endpoints;
  if (one === undefined || two === undefined) throw new Error('nothing recorded');
  const ending = { ...two, isReady: false, isServing: true, isTerminating: true };

  test('are those that are ready, and those that end only when no other is left', () => {
    expect(usedEndpoints({ ...base, endpoints: [one, ending] }, 'Cluster', '')).toEqual([one]);
    expect(usedEndpoints({ ...base, endpoints: [ending] }, 'Cluster', '')).toEqual([ending]);
  });

  test('with the policy Local are those of the node', () => {
    expect(usedEndpoints(base, 'Local', 'nowhere')).toEqual([]);
    expect(usedEndpoints(base, 'Local', one.node)).toContain(one);
  });
});
