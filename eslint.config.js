// One configuration for every package: `eslint .` in a package folder, or `npm run lint` for all.
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

const typescript = ['**/*.ts', '**/*.tsx'];
const tests = ['**/*.test.ts', '**/*.test.tsx', '**/testing/**'];

/** What a deterministic core must be given instead of taking it from the process. */
const ambientGlobals = [
  'Date',
  'performance',
  'process',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'crypto',
  'fetch',
].map((name) => ({ name, message: 'A core is deterministic: time, chance and turns come in through its ports.' }));

export default tseslint.config(
  { ignores: ['**/dist/**', '**/src/gen/**', '**/node_modules/**', '.nx/**'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: typescript,
    extends: [tseslint.configs.recommendedTypeChecked],
    // One program: in a package folder that package with what it imports, at the root all packages.
    languageOptions: { parserOptions: { project: 'tsconfig.test.json', tsconfigRootDir: process.cwd() } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: false },
      ],
      '@typescript-eslint/prefer-readonly': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-duplicate-type-constituents': 'off', // `NodeId | AccountId` says more than `string`
      '@typescript-eslint/require-await': 'off', // ports are asynchronous even where an implementation need not be
      eqeqeq: 'error',
      'no-console': 'error',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['**/*.js', '**/*.mjs', '**/*.cjs'],
    extends: [tseslint.configs.recommended],
  },
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  { files: ['**/*.tsx'], extends: [reactHooks.configs.flat.recommended] },
  { files: tests, rules: { 'max-lines': ['error', { max: 500, skipBlankLines: true, skipComments: true }] } },
  { files: ['apps/**', 'examples/**'], rules: { 'no-console': 'off' } },
  {
    // "Synchronous and deterministic" (docs/architecture.md): what the simulator replays must be all there is.
    files: ['packages/{register,paxos,ledger,kernel,simulator}/src/**'],
    ignores: [
      ...tests,
      'packages/ledger/src/file/**',
      'packages/kernel/src/memory/**',
      'packages/kernel/src/system-clock.ts',
    ],
    rules: {
      'no-restricted-globals': ['error', ...ambientGlobals],
      'no-restricted-properties': ['error', { object: 'Math', property: 'random', message: 'Take a Random port.' }],
    },
  },
  {
    files: ['packages/{register,paxos,ledger}/src/**'],
    ignores: [...tests, 'packages/ledger/src/file/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        { selector: ':function[async=true]', message: 'A core is synchronous.' },
        { selector: 'AwaitExpression', message: 'A core is synchronous.' },
        { selector: "NewExpression[callee.name='Promise']", message: 'A core is synchronous.' },
      ],
      'no-restricted-imports': [
        'error',
        {
          paths: [{ name: 'node:crypto', allowImportNames: ['hash', 'createHash'], message: 'Only hashes are pure.' }],
          patterns: [{ regex: '^node:(?!crypto$)', message: 'A core does no IO.' }],
        },
      ],
    },
  },
);
