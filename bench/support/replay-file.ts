import { replay } from '../../detector/replay.ts';

/** `replay-file.mjs EVENTS RULES…`: replays a file as a user does, all alerts, and prints what it took as JSON. */
const [events = '', ...rules] = process.argv.slice(2);
const startNs = process.hrtime.bigint();
let alerts = 0;
for await (const alert of replay({ rules, events: [events], set: ['container.id=host'], matching: 'all' })) {
  if (alert.rule !== '') alerts++;
}
const seconds = Number(process.hrtime.bigint() - startNs) / 1e9;
process.stdout.write(JSON.stringify({ alerts, seconds, peakMb: process.resourceUsage().maxRSS / 1024 }));
