import { defineProof, defineScenario, type Check, type ExpectedAlert } from '../../../../scenarios/define.ts';
import { nodeCommand } from '../../../../scenarios/faults/node-command.ts';
import { changeObject, createObject } from '../../../../scenarios/faults/objects.ts';
import type { RunStep } from '../../../../scenarios/faults/step.ts';
import type { RegistryEntry } from '../../../../scenarios/registry.ts';
import { nodeOf } from '../../../../scenarios/cluster/nodes.ts';

export interface FakeParameters {
  readonly victim: string;
}

export const CONFIG = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'config', namespace: 'shop' },
  data: 'good',
};

const ref = { apiVersion: 'v1', kind: 'ConfigMap', name: 'config', namespace: 'shop' };

/** Four steps of four kinds: one made, one changed, one on a node, one held outside. */
export function stepsOn(victim: string): readonly RunStep[] {
  return [
    createObject('create an object', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'late', namespace: 'shop' },
    }),
    changeObject('change an object', ref, { kind: 'merge', patch: { data: 'bad' } }),
    nodeCommand({
      title: 'flush a node',
      node: victim,
      argv: ['flush'],
      undo: [{ action: 'node.restore', args: { node: victim } }],
    }),
    {
      title: 'hold a session',
      undo: async () => [{ action: 'keeper.end-shell', args: { id: 'intruder' } }],
      run: async ({ env }) => {
        await env.labs.holdShell({
          id: 'intruder',
          kubeconfig: '',
          namespace: 'shop',
          pod: 'web',
          command: ['sh'],
          mode: 'exec',
          terminal: 'tty',
        });
      },
    },
  ];
}

export interface FakeOptions {
  readonly symptom?: readonly string[];
  readonly alerts?: readonly ExpectedAlert[];
  readonly checks?: readonly Check<FakeParameters>[];
}

/** A challenge over the fake world: the victim's rules have to be back. */
export function fakeEntry(options: FakeOptions = {}): RegistryEntry {
  const scenario = defineScenario<FakeParameters>({
    id: 'S99',
    slug: 'fake-challenge',
    title: 'Repair the fake',
    domain: 'TS',
    competencies: ['C23'],
    difficulty: 1,
    minutes: 5,
    layer: 'node',
    topologies: ['std'],
    needsIngress: false,
    defaultSeed: 1,
    variants: [
      { id: 'plain', title: 'plain' },
      { id: 'other', title: 'other', unavailable: 'not here' },
    ],
    questions: [
      { key: 'node', says: 'Which node', allowed: ['NODE'] },
      { key: 'why', says: 'Why' },
    ],
    hints: ['look', 'look closer'],
    parameters: () => ({ victim: 'lab-worker' }),
    requires: async () => [],
    setup: () => [],
    measured: () => [],
    steady: () => ['o.svc'],
    breaks: ({ parameters }) => stepsOn(parameters.victim),
    symptom: () => options.symptom ?? [],
    alerts: () => options.alerts ?? [],
    checks: options.checks ?? [
      {
        id: 'P1',
        says: 'The rules are back',
        points: 100,
        kind: 'observing',
        run: async (context) => {
          const now = (await context.now()).nodes.find(({ node }) => node === context.parameters.victim);
          const ok = (now?.tables['rules'] ?? []).length === 1;
          return { ok, observed: ok ? 'they are' : 'they are not' };
        },
      },
    ],
  });
  const proof = defineProof<FakeParameters>({
    reference: {
      name: 'add',
      says: 'the rule is added again',
      run: async ({ env, parameters: { victim } }) => {
        await nodeOf(env.session, victim).exec(['add', `rule of ${victim}`]);
      },
    },
    fixes: [],
    cheats: [{ name: 'nothing', says: 'nothing is done', seenBy: ['P1'], run: async () => undefined }],
    answers: async () => ({ node: 'lab-worker' }),
  });
  return {
    id: 'S99',
    slug: 'fake-challenge',
    // Its texts are borrowed: the runner only hands them on.
    folder: 's01-flushed-iptables',
    scenario: async () => scenario,
    proof: async () => proof,
  };
}
