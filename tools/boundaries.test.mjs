// The boundary check guards the whole design, so it is itself seen to fail on each kind of forbidden import.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeWorkspace } from './fixture.mjs';

const boundaries = fileURLToPath(new URL('boundaries.mjs', import.meta.url));

const exports = { '.': { '@synod/source': './src/index.ts', default: './dist/index.js' } };
const manifest = (name, dependencies = {}, devDependencies = {}) => ({
  name: `@synod/${name}`,
  type: 'module',
  exports,
  dependencies,
  devDependencies,
});

/** A register that publishes its simulation. */
const simulatedRegister = {
  'packages/register/package.json': { ...manifest('register'), peerDependencies: { '@synod/simulator': '0' } },
  'packages/register/src/index.ts': 'export const register = 1;\n',
  'packages/register/src/simulation/index.ts': "export { simulator as simulated } from '@synod/simulator';\n",
};

/** A small healthy workspace in which `changes` replace or add files. */
const workspaceWith = (changes) =>
  makeWorkspace({
    'packages/kernel/package.json': manifest('kernel'),
    'packages/kernel/src/index.ts': 'export const kernel = 1;\n',
    'packages/paxos/package.json': manifest('paxos', { '@synod/kernel': '0' }),
    'packages/paxos/src/index.ts': "export { kernel as paxos } from '@synod/kernel';\n",
    'packages/storage/package.json': manifest('storage', { '@synod/kernel': '0' }),
    'packages/storage/src/index.ts': "export { kernel as storage } from '@synod/kernel';\n",
    'packages/transport/package.json': manifest('transport', { '@bufbuild/protobuf': '0' }),
    'packages/transport/src/index.ts': "export { create as transport } from '@bufbuild/protobuf';\n",
    'packages/simulator/package.json': manifest('simulator', { '@synod/kernel': '0' }),
    'packages/simulator/src/index.ts': "export { kernel as simulator } from '@synod/kernel';\n",
    'node_modules/@bufbuild/protobuf/package.json': { name: '@bufbuild/protobuf', main: 'dist/index.js' },
    'node_modules/@bufbuild/protobuf/dist/index.js': 'exports.create = 1;\n',
    'node_modules/yaml/package.json': { name: 'yaml', main: 'dist/index.js' },
    'node_modules/yaml/dist/index.js': 'exports.parse = 1;\n',
    ...changes,
  });

const healthy = [
  ...['kernel', 'paxos', 'storage', 'transport', 'simulator'].map((name) => ({ name, changes: {} })),
  // A simulation may import what whoever uses it brings along.
  { name: 'register', changes: simulatedRegister },
];

const mistakes = [
  {
    mistake: 'the kernel imports storage',
    name: 'kernel',
    changes: {
      'packages/kernel/package.json': manifest('kernel', { '@synod/storage': '0' }),
      'packages/kernel/src/index.ts': "export * from '@synod/storage';\n",
      'packages/storage/src/index.ts': 'export const storage = 1;\n',
    },
    violations: ['imports-only-what-is-below'],
  },
  {
    mistake: 'paxos imports a type from transport',
    name: 'paxos',
    changes: {
      'packages/paxos/package.json': manifest('paxos', { '@synod/kernel': '0', '@synod/transport': '0' }),
      'packages/paxos/src/deep/index.ts': "export type { transport } from '@synod/transport';\n",
    },
    violations: ['imports-only-what-is-below'],
  },
  {
    mistake: 'paxos reaches into transport by a relative path',
    name: 'paxos',
    changes: { 'packages/paxos/src/index.ts': "export * from '../../transport/src/index.js';\n" },
    violations: ['declared-in-package-json', 'imports-only-what-is-below'],
  },
  {
    mistake: 'storage imports protobuf',
    name: 'storage',
    changes: {
      'packages/storage/package.json': manifest('storage', { '@synod/kernel': '0', '@bufbuild/protobuf': '0' }),
      'packages/storage/src/index.ts': "export * from '@bufbuild/protobuf';\n",
    },
    violations: ['only-transport-knows-its-libraries'],
  },
  {
    mistake: 'two files import each other',
    name: 'kernel',
    changes: {
      'packages/kernel/src/index.ts': "import './other.js';\n",
      'packages/kernel/src/other.ts': "import './index.js';\n",
    },
    violations: ['no-cycles'],
  },
  {
    mistake: 'a workspace package is not declared',
    name: 'paxos',
    changes: { 'packages/paxos/package.json': manifest('paxos') },
    violations: ['declared-in-package-json'],
  },
  {
    mistake: 'an npm package is not declared',
    name: 'kernel',
    changes: { 'packages/kernel/src/index.ts': "export * from 'yaml';\n" },
    violations: ['npm-package-declared-in-package-json'],
  },
  {
    mistake: 'a source imports what is declared for tests only',
    name: 'paxos',
    changes: {
      'packages/paxos/package.json': manifest('paxos', { '@synod/kernel': '0' }, { '@synod/simulator': '0' }),
      'packages/paxos/src/index.ts': "export * from '@synod/simulator';\n",
    },
    violations: ['declared-in-package-json', 'imports-only-what-is-below'],
  },
  {
    mistake: 'a test imports what is not declared',
    name: 'paxos',
    changes: { 'packages/paxos/src/index.test.ts': "import '@synod/simulator';\n" },
    violations: ['declared-for-tests-in-package-json'],
  },
  {
    mistake: 'a source imports test support',
    name: 'kernel',
    changes: {
      'packages/kernel/src/index.ts': "export * from './testing/support.js';\n",
      'packages/kernel/src/testing/support.ts': 'export const support = 1;\n',
    },
    violations: ['tests-are-for-tests'],
  },
  {
    mistake: 'a source imports a simulation',
    name: 'register',
    changes: {
      ...simulatedRegister,
      'packages/register/src/index.ts': "export * from './simulation/index.js';\n",
    },
    violations: ['the-rest-needs-no-simulation'],
  },
  {
    mistake: 'a simulation imports what is not declared for those who use it',
    name: 'register',
    changes: { ...simulatedRegister, 'packages/register/package.json': manifest('register') },
    violations: ['declared-for-simulations-in-package-json'],
  },
  {
    mistake: 'a simulation imports what is above',
    name: 'register',
    changes: {
      ...simulatedRegister,
      'packages/register/package.json': {
        ...manifest('register', { '@synod/transport': '0' }),
        peerDependencies: { '@synod/simulator': '0' },
      },
      'packages/register/src/simulation/index.ts': "export * from '@synod/transport';\n",
    },
    violations: ['simulations-import-only-what-is-below'],
  },
  {
    mistake: 'an import leads nowhere',
    name: 'kernel',
    changes: { 'packages/kernel/src/index.ts': "import './missing.js';\n" },
    violations: ['not-unresolvable'],
  },
];

const forTests = ['index.test.ts', 'testing/cluster.ts'].map((file) => ({
  file,
  name: 'paxos',
  changes: {
    'packages/paxos/package.json': manifest('paxos', { '@synod/kernel': '0' }, { '@synod/simulator': '0' }),
    [`packages/paxos/src/${file}`]: "import '@synod/simulator';\n",
  },
}));

describe('seen in workspaces', () => {
  const cases = [...healthy, ...mistakes, ...forTests];
  const workspaces = new Map();
  const verdicts = new Map();

  // All in one process, as the packages of the repository are: the verdict on one says nothing about the next.
  beforeAll(() => {
    for (const it of cases) workspaces.set(it, workspaceWith(it.changes));
    const folders = cases.map((it) => join(workspaces.get(it).root, 'packages', it.name));
    const { stdout } = spawnSync(process.execPath, [boundaries, ...folders], {
      encoding: 'utf8',
      env: { ...process.env, FORCE_COLOR: '0' },
    });
    const parts = stdout.split(/^(?=[✔✘] )/m);
    cases.forEach((it, i) => verdicts.set(it, verdictIn(parts[i] ?? '', folders[i])));
  });
  afterAll(() => {
    for (const workspace of workspaces.values()) workspace.dispose();
  });

  test.each(healthy)('a healthy $name passes', (it) => {
    expect(verdicts.get(it)).toEqual({ passes: true, violations: [] });
  });

  test.each(mistakes)('fails when $mistake', (it) => {
    expect(verdicts.get(it)).toEqual({ passes: false, violations: it.violations });
  });

  test.each(forTests)('$file may import what is declared for tests', (it) => {
    expect(verdicts.get(it)).toEqual({ passes: true, violations: [] });
  });
});

test.each([
  ['a healthy package', {}, 0],
  ['a package at fault', { 'packages/kernel/src/index.ts': "import './missing.js';\n" }, 1],
])('the exit code says it too: %s', (_case, changes, code) => {
  const workspace = workspaceWith(changes);
  try {
    const cwd = join(workspace.root, 'packages', 'kernel');
    expect(spawnSync(process.execPath, [boundaries, '.'], { cwd }).status).toBe(code);
  } finally {
    workspace.dispose();
  }
});

/** What was printed about one folder. */
function verdictIn(printed, folder) {
  const [heading] = printed.split('\n');
  if (!heading.endsWith(` ${folder}`)) throw new Error(`no verdict on ${folder}: ${printed}`);
  const violations = [...printed.matchAll(/error ([\w-]+):/g)].map(([, rule]) => rule);
  return { passes: heading.startsWith('✔'), violations: [...new Set(violations)].sort() };
}
