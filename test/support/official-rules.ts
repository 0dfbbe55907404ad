import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../core/index.ts';
import type { RulesFile } from '../../detector/ruleset/index.ts';
import { falcoFactsFolder } from './falco-facts.ts';

const FILES = ['falco_rules.yaml', 'falco-incubating_rules.yaml', 'falco-sandbox_rules.yaml'];

/** Why Falco's own rules cannot be used here, as the end of a test's title; undefined when they can. */
export function officialRulesGap(): string | undefined {
  if (existsSync(join(falcoFactsFolder(), 'rules', FILES[0] ?? ''))) return undefined;
  return ` [optional] [skipped: Falco's rules are not in ${falcoFactsFolder()}; name their folder in KUBEDRILL_FALCO_COMPAT]`;
}

/** Falco's rules files for system calls as they are, in the order in which Falco loads them. */
export function officialRules(): readonly RulesFile[] {
  return FILES.map((name, n) => ({
    name: `${String(n + 1)}-${name}`,
    content: readFileSync(join(falcoFactsFolder(), 'rules', name), 'utf8'),
  }));
}

/** What is usual in a lab, for Falco's rules. */
export function labAdjustments(): RulesFile {
  const name = 'rules-official-lab.yaml';
  return { name: `4-${name}`, content: readFileSync(join(packageRoot(), 'detector', name), 'utf8') };
}
