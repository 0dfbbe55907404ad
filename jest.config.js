// One jest project per tier of the test ladder; `npm test` runs them in this order and prints one line for each.
const base = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/dist'],
};
const tier = (name) => ({ ...base, displayName: name, testMatch: [`<rootDir>/test/${name}/**/*.test.ts`] });

/** Tiers that share one real lab, which is brought up before and taken down after. */
const withLab = (name) => ({
  ...tier(name),
  globalSetup: '<rootDir>/test/support/e2e-setup.ts',
  globalTeardown: '<rootDir>/test/support/e2e-teardown.ts',
});

export default {
  projects: [...['unit', 'contract', 'compat', 'integration', 'start'].map(tier), withLab('e2e'), withLab('proofs')],
  workerIdleMemoryLimit: '512MB',
};
