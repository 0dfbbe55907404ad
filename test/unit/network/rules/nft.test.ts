import { hostPort } from '../../../../network/rules/proxy-chains.ts';
import { proxyDifferences } from '../../../../network/rules/proxy-differences.ts';
import type { ServicePort } from '../../../../network/rules/service-ports.ts';
import { parseSave, type RuleTable } from '../../../../network/rules/save-format.ts';
import { withProxyTables } from '../../../../network/rules/nft/translate.ts';
import { walk, type Course } from '../../../../network/rules/walk.ts';
import {
  CLUSTER_CIDRS,
  RECORDED_ADDRESSES,
  RECORDED_NODE,
  recordedNftTables,
  recordedPort,
  recordedPorts,
} from '../../../support/recorded-node.ts';

const ADDRESS = '172.20.0.3';
const WEB = recordedPort('shop/web:http');
const VOID = recordedPort('shop/void:http');
const POD = '10.244.2.4';

function differences(tables: readonly RuleTable[], ports: readonly ServicePort[] = recordedPorts()) {
  const setup = { mode: 'nftables', clusterCidrs: CLUSTER_CIDRS };
  const node = { name: RECORDED_NODE, address: ADDRESS, tables };
  return proxyDifferences(node, ports, setup, 'ipv4').map(({ kind, says }) => `${kind}: ${says}`);
}

function courses(table: 'nat' | 'filter', chain: string, to: string, port: number, source: string): readonly Course[] {
  const packet = { source, destination: to, protocol: 'tcp', port, mark: 0, from: 'any' } as const;
  const rules = recordedNftTables().find(({ name }) => name === table);
  return walk(rules, chain, packet, RECORDED_ADDRESSES);
}

describe("kube-proxy's nftables rules of a recorded node", () => {
  test('are those that it should have written', () => {
    expect(differences(recordedNftTables())).toEqual([]);
  });

  test('lack a Service whose element was deleted from the map', () => {
    const element = new RegExp(
      String.raw`\[\{"concat":\["${WEB.clusterIP}","tcp",80\]\},\{"goto":\{"target":"[^"]*"\}\}\],`,
    );
    expect(differences(recordedNftTables((text) => text.replace(element, '')))).toEqual([
      `missing: missing: the way of shop/web:http from its cluster IP ${WEB.clusterIP}:80`,
    ]);
  });

  test('still lead to a pod that is gone, and so too seldom to the others', () => {
    const [gone, ...others] = WEB.endpoints;
    const found = differences(recordedNftTables(), [
      ...recordedPorts().filter(({ name }) => name !== WEB.name),
      { ...WEB, endpoints: others },
    ]);
    expect(found.some((text) => text.endsWith(`is still led to ${gone?.address ?? ''}:8080`))).toBe(true);
    expect(found.filter((text) => text.startsWith('uneven'))).not.toEqual([]);
  });

  test('name a condition that is not known, instead of guessing', () => {
    const odd = recordedNftTables((text) => text.replaceAll('"key":"l4proto"', '"key":"skuid"'));
    expect(differences(odd)).toContainEqual(expect.stringMatching(/^foreign: .*--nft-.*skuid/));
  });

  test('choose each endpoint of a Service equally often', () => {
    const found = courses('nat', 'PREROUTING', WEB.clusterIP, WEB.port, POD);
    const ways = found.map(({ end, share }) => [end.kind === 'dnat' ? end.to : end.kind, share.toFixed(3)]);
    expect(ways.sort()).toEqual(WEB.endpoints.map(({ address, port }) => [hostPort(address, port), '0.250']).sort());
  });

  test('mark what comes from outside for the masquerade, and leave pods as they are', () => {
    const marks = (source: string, to: string, port: number): readonly number[] => [
      ...new Set(courses('nat', 'PREROUTING', to, port, source).map(({ mark }) => mark)),
    ];
    expect(marks(POD, WEB.clusterIP, WEB.port)).toEqual([0]);
    expect(marks('172.20.0.9', ADDRESS, WEB.nodePort)).toEqual([0x4000]);
  });

  test('refuse a Service without endpoints at once', () => {
    const found = courses('filter', 'FORWARD', VOID.clusterIP, VOID.port, POD);
    expect(found.map(({ end }) => end.kind)).toEqual(['reject']);
  });

  test('come before the rules of others, whose policies stay', () => {
    const own = parseSave('*filter\n:FORWARD DROP [0:0]\n-A FORWARD -j ACCEPT\nCOMMIT\n');
    const forward = withProxyTables(own, recordedNftTables())
      .find(({ name }) => name === 'filter')
      ?.chains.find(({ name }) => name === 'FORWARD');
    expect([forward?.policy, forward?.rules.at(-1)]).toEqual(['DROP', '-j ACCEPT']);
    expect(forward?.rules.length).toBeGreaterThan(1);
  });
});
