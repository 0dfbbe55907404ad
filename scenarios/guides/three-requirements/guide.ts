import { nodeOf } from '../../cluster/nodes.ts';
import type { Finding } from '../../define.ts';
import type { RunStep } from '../../faults/step.ts';
import type { RunEnvironment } from '../../ports.ts';
import { defineGuide, type GuideContext } from '../define.ts';

const COMMENT = 'kubedrill guide';
const REQUIREMENTS = ['R1', 'R2', 'R3'] as const;

export default defineGuide({
  slug: 'three-requirements',
  title: 'What a cluster network owes its pods',
  minutes: 15,
  words: (env) => ({ node: victimOf(env), path: pathOf(victimOf(env)), rule: ruleText() }),
  steps: [
    { file: '01-three-requirements.md', says: 'the lab keeps all three requirements', verify: allAreKept },
    {
      file: '02-meter.md',
      action: { says: 'Start the outage meter', steps: () => [startMeter()] },
      says: 'the meter runs, and nothing fails',
      verify: meterIsQuiet,
    },
    {
      file: '03-break-one.md',
      action: { says: 'Put one rule in the way of the pods of one node', steps: ({ words }) => [breakOne(words)] },
      says: 'the first requirement is broken, by that node alone',
      verify: firstIsBroken,
    },
    { file: '04-watch.md', says: 'the meter shows the outage', verify: meterShowsOutage },
    { file: '05-repair.md', says: 'all three requirements are kept again', verify: isRepaired },
    { file: '06-look-back.md', says: 'the outage is over, and its length is known', verify: outageIsOver },
  ],
});

/** The last node: neither the control plane nor, in the usual lab, the one with the front door. */
function victimOf(env: RunEnvironment): string {
  return env.session.nodes.at(-1)?.name ?? '';
}

function pathOf(node: string): string {
  return `o.p2p@${node}`;
}

/** Pods of the node have no way out; the node itself, and its system pods on the host's network, are not touched. */
function ruleOf(): readonly string[] {
  return ['FORWARD', '-o', 'eth0', '-m', 'comment', '--comment', COMMENT, '-j', 'DROP'];
}

function ruleText(): string {
  return ruleOf()
    .map((word) => (word.includes(' ') ? `"${word}"` : word))
    .join(' ');
}

function startMeter(): RunStep {
  return {
    title: 'start the outage meter',
    undo: async () => [{ action: 'meter.stop', args: {} }],
    run: async ({ env }) => {
      const paths = await env.network.standardPaths();
      await env.network.startMeter(paths.filter(({ name }) => /^o\.(svc|p2p)@/.test(name)));
    },
  };
}

function breakOne({ node = '' }: Readonly<Record<string, string>>): RunStep {
  return {
    title: `drop what pods of ${node} send to other nodes`,
    undo: async () => [{ action: 'node.restore', args: { node, tables: ['ip filter'] } }],
    run: async ({ env }) => {
      await nodeOf(env.session, node).exec(['iptables', '-I', ...ruleOf()]);
    },
  };
}

async function allAreKept({ env }: GuideContext): Promise<Finding> {
  const { requirements, cells } = await env.network.matrix();
  const broken = REQUIREMENTS.filter((name) => requirements[name]?.ok !== true);
  if (broken.length === 0)
    return { ok: true, observed: `${String(cells.length)} cells measured, R1, R2 and R3 are kept` };
  const first = broken.map((name) => requirements[name]?.failed[0] ?? `${name} was not measured`);
  return { ok: false, observed: `${broken.join(', ')} broken: ${first.join('; ')}` };
}

async function meterIsQuiet({ env, words }: GuideContext): Promise<Finding> {
  const readings = await env.network.readMeter();
  const reading = readings.find(({ path }) => path === words['path']);
  if (!reading || reading.probes === 0) return { ok: false, observed: 'the meter does not run yet' };
  return {
    ok: reading.lastOk,
    observed: `${reading.path}: ${String(reading.probes)} probes, ${String(reading.failures)} failed`,
  };
}

async function firstIsBroken({ env, words }: GuideContext): Promise<Finding> {
  const { requirements } = await env.network.matrix();
  const { R1 } = requirements;
  if (R1?.ok !== false) return { ok: false, observed: 'R1 is still kept' };
  const here = R1.failed.filter((cell) => cell.includes(words['node'] ?? ''));
  const observed = `R1: ${String(R1.failed.length)} of ${String(R1.cells)} cells fail, e.g. ${R1.failed[0] ?? ''}`;
  return { ok: here.length > 0, observed };
}

async function meterShowsOutage({ env, words }: GuideContext): Promise<Finding> {
  const reading = (await env.network.readMeter()).find(({ path }) => path === words['path']);
  const open = reading?.outages.find((outage) => outage.open);
  if (!open) return { ok: false, observed: `${words['path'] ?? ''} has no open outage` };
  return { ok: true, observed: `${open.path} is out for ${(open.outageMs / 1000).toFixed(1)} s (${open.error})` };
}

async function isRepaired(context: GuideContext): Promise<Finding> {
  const { env, words } = context;
  const { stdout } = await nodeOf(env.session, words['node'] ?? '').exec(['iptables', '-S', 'FORWARD']);
  if (stdout.includes(COMMENT)) return { ok: false, observed: 'the rule is still there' };
  return allAreKept(context);
}

async function outageIsOver({ env, words }: GuideContext): Promise<Finding> {
  const reading = (await env.network.readMeter()).find(({ path }) => path === words['path']);
  const last = reading?.outages.at(-1);
  if (!reading || !last) return { ok: false, observed: 'the meter has seen no outage' };
  return { ok: reading.lastOk, observed: `${last.path} was out for ${(last.outageMs / 1000).toFixed(1)} s` };
}
