// One jest project per tier of the test ladder; `npm test` runs them in this order and prints one line for each.
const base = {
  testEnvironment: 'node',
  // "soft", the default, makes of a property that a test file left on a shared object a setter that calls itself without end.
  testEnvironmentOptions: { globalsCleanup: 'off' },
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

export default {
  projects: ['unit', 'contract', 'compat', 'integration', 'start', 'e2e', 'mishaps'].map(tier),
  workerIdleMemoryLimit: '512MB',
};
