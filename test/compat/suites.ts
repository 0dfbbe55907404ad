import type { Suite } from './suite.ts';
import { booleanSuite, compileSuite, parserSuite } from './suites/conditions.ts';
import { evaluationSuite } from './suites/evaluation.ts';
import { auditRunsSuite, validationSuite } from './suites/falco-testing.ts';
import { formatSuite } from './suites/formats.ts';
import {
  attacksSuite,
  auditSuite,
  explanationsSuite,
  goldenFiltersSuite,
  officialRulesSuite,
} from './suites/recordings.ts';
import { prefilterOfConditionsSuite, prefilterSuite } from './suites/prefilter.ts';
import { ruleLoaderSuite } from './suites/rule-loader.ts';

/** The table, row by row. */
export const suites: readonly Suite[] = [
  parserSuite,
  compileSuite,
  booleanSuite,
  formatSuite,
  evaluationSuite,
  officialRulesSuite,
  attacksSuite,
  explanationsSuite,
  auditSuite,
  goldenFiltersSuite,
  prefilterSuite,
  prefilterOfConditionsSuite,
  ruleLoaderSuite,
  validationSuite,
  auditRunsSuite,
];
