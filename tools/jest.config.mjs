import { fileURLToPath } from 'node:url';

// One Jest configuration for every package. `@synod/source` resolves workspace imports to their TypeScript,
// so that testing one package needs no build of the others.
const swc = (parser) => [
  fileURLToPath(new URL('./transform.mjs', import.meta.url)),
  {
    jsc: { target: 'es2023', parser, transform: { react: { runtime: 'automatic' } } },
    module: { type: 'es6' },
    sourceMaps: 'inline',
  },
];

export default {
  id: 'synod', // one cache of transformed sources for all packages, which import one another
  testMatch: ['<rootDir>/src/**/*.test.ts', '<rootDir>/src/**/*.test.tsx', '<rootDir>/*.test.mjs'],
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['@synod/source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': swc({ syntax: 'typescript' }),
    '^.+\\.tsx$': swc({ syntax: 'typescript', tsx: true }),
  },
  testTimeout: 120_000,
  workerIdleMemoryLimit: '1GB',
};
