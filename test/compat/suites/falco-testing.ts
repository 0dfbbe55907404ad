import { createEngine } from '../../../detector/engine/index.ts';
import { AuditEvent } from '../../../detector/event/audit-event.ts';
import { loadRules, type LoadResult } from '../../../detector/ruleset/index.ts';
import type { Material } from '../material.ts';
import { compared, type Case, type Suite } from '../suite.ts';

interface GoldenMessage {
  readonly code: string;
  readonly message: string;
}

interface GoldenRun {
  readonly test: string;
  readonly rules: readonly string[];
  readonly capture: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
  readonly validation: {
    readonly falco_load_results: readonly {
      readonly successful: boolean;
      readonly errors: readonly GoldenMessage[];
      readonly warnings: readonly GoldenMessage[];
    }[];
  } | null;
}

/**
 * Rules files with one thing wrong in each: what real Falco says of them is said here too. Falco stops at its first
 * error, so there may be more of them here.
 */
export const validationSuite: Suite = {
  name: "black-box tests: Falco's validation",
  passes: 39,
  of: 39,
  exempt: {},
  run: (material) =>
    material.json<readonly GoldenRun[]>('falco-testing/golden-valid.json').map(({ test, rules, validation }): Case => {
      const result = loadRules(rulesOf(material, rules));
      const golden = validation?.falco_load_results ?? [];
      const missing = golden.flatMap(({ errors, warnings }) => [
        ...errors.filter((one) => !isSaid(one, result.errors)),
        ...warnings.filter((one) => !isSaid(one, result.warnings)),
      ]);
      const isRight = golden.every(({ successful }) => successful) === (result.ruleset !== undefined);
      return isRight && missing.length === 0
        ? { name: test }
        : { name: test, problem: JSON.stringify({ missing, said: said(result) }) };
    }),
};

/** Messages of the parsers below the rules language are their own. */
const OWN_WORDS = ['yaml-cpp: ', 'unknown filter: '];

function isSaid({ code, message }: GoldenMessage, found: readonly GoldenMessage[]): boolean {
  const hasOwnWords = OWN_WORDS.some((start) => message.startsWith(start));
  return found.some((one) => one.code === code && (hasOwnWords || one.message.startsWith(message)));
}

function said({ errors, warnings }: LoadResult): readonly string[] {
  return [...errors, ...warnings].map(({ code, message }) => `${code} ${message}`);
}

const NO_RECORDING = 'its recording is not among the material';

/** Audit recordings under old and changed rules: the alerts of real Falco, rule by rule. */
export const auditRunsSuite: Suite = {
  name: "black-box tests: Falco's audit runs",
  passes: 29,
  of: 66,
  exempt: { [NO_RECORDING]: NO_RECORDING },
  run: (material) => {
    const recordings = material.names('k8saudit', '.events.json');
    return material
      .json<readonly GoldenRun[]>('falco-testing/golden-k8s.json')
      .map(({ test, rules, capture, counts }): Case => {
        const recording = recordings.find((name) => isNamed(name, capture[0] ?? ''));
        if (recording === undefined) return { name: `${NO_RECORDING}: ${test}`, problem: NO_RECORDING };
        const { ruleset, errors } = loadRules(rulesOf(material, rules));
        if (ruleset === undefined) return { name: test, problem: errors[0]?.message ?? '' };
        const engine = createEngine({ ruleset });
        const events = material
          .lines(`k8saudit/${recording}.events.json`)
          .map((json, index) => new AuditEvent(json, index + 1));
        const raised: Record<string, number> = {};
        for (const { rule } of events.flatMap((event) => engine.process(event))) raised[rule] = (raised[rule] ?? 0) + 1;
        return compared(test, raised, counts);
      });
  },
};

/** `K8SAuditExecPod` is the recording `k8s_audit__exec_pod`. */
function isNamed(recording: string, capture: string): boolean {
  return recording.replaceAll('_', '') === capture.toLowerCase();
}

function rulesOf(material: Material, names: readonly string[]) {
  return material.rules(
    ...names.map((name) =>
      name === 'K8SAuditRules' ? 'rules/k8s_audit_rules.yaml' : `falco-testing/rules/${name}.yaml`,
    ),
  );
}
