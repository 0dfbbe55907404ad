import { systemClock } from '../../../core/index.ts';
import { ownRules } from '../../../detector/addon/own-rules.ts';
import { alertsOf, loadRules, type DetectorLab } from '../../../test/support/detector-lab.ts';
import { labAdjustments, officialRules, officialRulesGap } from '../../../test/support/official-rules.ts';
import type { Figure } from '../../lib.ts';
import type { Soak } from '../../soak.ts';

/** Nothing is done in the lab for some minutes, under our rules and then under Falco's with the lab's adjustments. */
export async function idle({ lab, io, minutes }: Soak): Promise<readonly Figure[]> {
  const gap = officialRulesGap();
  const say = (text: string): void => io.say(text);
  if (gap !== undefined) say(`without Falco's rules:${gap}`);
  try {
    await loadRules(lab, ownRules());
    const own = await alertsWithin(lab, minutes, say);
    if (gap !== undefined) return [figure('our rules', own)];
    await loadRules(lab, [...officialRules(), labAdjustments()]);
    const official = await alertsWithin(lab, minutes, say);
    return [figure('our rules', own), figure("Falco's rules, adjusted", official)];
  } finally {
    await loadRules(lab, ownRules());
  }
}

/** The engines have just been started with these rules: what they raise from now on counts, their own start does not. */
async function alertsWithin(lab: DetectorLab, minutes: number, say: (text: string) => void): Promise<number> {
  await systemClock.sleep(5_000);
  const before = new Set((await alertsOf(lab)).map(keyOf));
  await systemClock.sleep(minutes * 60_000);
  const alerts = (await alertsOf(lab)).filter((alert) => !before.has(keyOf(alert)));
  for (const { rule, output } of alerts) say(`${rule}: ${output}`);
  return alerts.length;
}

function keyOf({ attribution, sequence }: { attribution: { node: string }; sequence: number }): string {
  return `${attribution.node} ${String(sequence)}`;
}

function figure(name: string, alerts: number): Figure {
  return { name: `alerts in an idle lab, ${name}`, value: alerts, unit: 'count', atMost: 0 };
}
