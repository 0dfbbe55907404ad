import { join } from 'node:path';
import { KubedrillError } from '../../core/index.ts';
import type { FieldMap } from '../../detector/event/map-event.ts';
import { loadRules, type RulesFile, type Ruleset } from '../../detector/ruleset/index.ts';
import { material, materialFolder, type Material } from '../../test/compat/material.ts';

/** The official rules of system calls, and the recorded attacks, where they lie. */
export interface Corpora {
  /** The 25 stable rules. */
  readonly stable: Ruleset;
  /** All 93. */
  readonly all: Ruleset;
  /** The files that the 93 are in. */
  readonly allFiles: readonly string[];
  readonly lines: readonly string[];
  readonly maps: readonly FieldMap[];
  /** How many alerts the recordings say that all 93 rules raise. */
  readonly recordedAlerts: number;
}

const STABLE = 'rules/falco_rules.yaml';
const ALL = [STABLE, 'rules/falco-incubating_rules.yaml', 'rules/falco-sandbox_rules.yaml'];

/** Reads them. Fails with KubedrillError where they are not. */
export function readCorpora(): Corpora {
  const folder = materialFolder();
  if (folder === undefined) {
    throw new KubedrillError({
      what: 'cannot measure the replay',
      why: 'the recorded attacks and the official rules are not part of the project, and are not on this machine',
      hint: 'name their folder with KUBEDRILL_FALCO_COMPAT',
    });
  }
  const from = material(folder);
  const names = from.names('corpus', '.alerts.json');
  const paths = names.map((name) => `corpus/${name}.events.jsonl.gz`);
  return {
    stable: everyRule(from.rules(STABLE)),
    all: everyRule(from.rules(...ALL)),
    allFiles: ALL.map((path) => join(folder, path)),
    lines: paths.flatMap((path) => linesOf(from.text(path))),
    maps: paths.flatMap((path) => from.lines(path) as readonly FieldMap[]),
    recordedAlerts: names.reduce((sum, name) => sum + alertsOf(from, name), 0),
  };
}

/** The rules of files, those too that the files switch off. */
export function everyRule(files: readonly RulesFile[]): Ruleset {
  const { ruleset, errors } = loadRules(files, { selections: [{ enable: { rule: '*' } }] });
  if (ruleset === undefined) throw new Error(errors.map(({ message }) => message).join('\n'));
  return ruleset;
}

function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}

function alertsOf(from: Material, name: string): number {
  return from.json<readonly unknown[]>(`corpus/${name}.alerts.json`).length;
}
