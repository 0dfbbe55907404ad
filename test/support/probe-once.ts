// A program for network namespaces: tries the targets in its argument (JSON) at once and prints the outcomes as JSON.
import { prober } from '../../network/agent/probe/prober.ts';
import type { ProbeTarget } from '../../network/agent/protocol.ts';

const targets = JSON.parse(process.argv[2] ?? '[]') as readonly ProbeTarget[];
void Promise.all(targets.map((target) => prober()(target, { nonce: 'n' }, { timeoutMs: 1_500 }))).then((outcomes) =>
  process.stdout.write(JSON.stringify(outcomes)),
);
