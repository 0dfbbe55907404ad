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

/** Real clusters: one lab for the whole tier. */
const e2e = {
  ...tier('e2e'),
  globalSetup: '<rootDir>/test/support/e2e-setup.ts',
  globalTeardown: '<rootDir>/test/support/e2e-teardown.ts',
};

export default {
  projects: [...['unit', 'contract', 'integration', 'compat'].map(tier), e2e],
  workerIdleMemoryLimit: '512MB',
};
