// Lint rules, and the walls of the house: which room may import which (docs/architecture.md).
import tseslint from 'typescript-eslint';

const ROOMS = ['core', 'network', 'detector', 'labs', 'scenarios', 'cli'];

/** A room may use the rooms named here, each through its index.ts only. */
const MAY_USE = {
  core: [],
  network: ['core'],
  detector: ['core'],
  labs: ['core', 'network', 'detector'],
  scenarios: ['core', 'network', 'detector', 'labs'],
  cli: ['core', 'network', 'detector', 'labs', 'scenarios'],
};

/** Programs that run inside the lab: they are bundled, and take single files of core to stay small. */
const TOOLBOX_PROGRAMS = [
  'network/agent/**',
  'detector/{app,source,enrich,output,config,event,filter,ruleset,engine,alert}/**',
  'labs/keeper/**',
];

const PURE = [
  'detector/event',
  'detector/filter',
  'detector/ruleset',
  'detector/engine',
  'detector/alert',
  'detector/explain',
  'detector/ruletest',
  'detector/config',
];

const wall = (room) => ({
  files: [`${room}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          ...ROOMS.filter((other) => other !== room && !MAY_USE[room].includes(other)).map((other) => ({
            regex: `^(\\.\\./)+${other}/`,
            message: `${room}/ may not use ${other}/ (docs/architecture.md).`,
          })),
          ...MAY_USE[room].map((other) => ({
            regex: `^(\\.\\./)+${other}/(?!index\\.ts$)`,
            message: `Use ${other}/ through its index.ts.`,
          })),
          ...(room === 'core'
            ? []
            : [
                {
                  regex: '^(execa|@kubernetes/client-node)$',
                  message: 'Only core/ starts programs and speaks to Kubernetes.',
                },
              ]),
          ...(room === 'cli'
            ? []
            : [{ regex: '^(chalk|inquirer|commander)$', message: 'Only cli/ prints, prompts and reads arguments.' }]),
        ],
      },
    ],
    ...(room === 'cli' ? {} : { 'no-console': 'error' }),
  },
});

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'results/', 'coverage/'] },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      'max-lines': ['error', { max: 400, skipBlankLines: false }],
    },
  },
  ...ROOMS.map(wall),
  {
    files: TOOLBOX_PROGRAMS.map((glob) => `${glob}/*.ts`),
    rules: { 'no-restricted-imports': 'off', 'no-console': 'off' },
  },
  {
    files: PURE.map((folder) => `${folder}/**/*.ts`),
    rules: {
      'no-console': 'error',
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { regex: '^node:|/(source|enrich|output|response|app)/', message: 'This part of the detector is pure.' },
          ],
        },
      ],
      'no-restricted-globals': ['error', 'process', 'setTimeout', 'setInterval', 'Date', 'fetch'],
    },
  },
  {
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: { 'no-restricted-imports': 'off', '@typescript-eslint/no-unsafe-assignment': 'off' },
  },
);
