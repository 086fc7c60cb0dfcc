// The walls of the house (docs/architecture.md). Each package's build runs this in its own folder over its own `src`.
// A package may import only the packages listed here; nothing below knows what is above.
const { basename, join } = require('node:path');

const may = {
  kernel: [],
  register: ['kernel'],
  paxos: ['kernel'],
  ledger: ['kernel', 'paxos'],
  cluster: ['kernel'],
  storage: ['kernel'],
  metrics: ['kernel'],
  transport: ['kernel', 'paxos', 'ledger', 'register', 'tokens'],
  client: ['kernel', 'ledger', 'register', 'tokens', 'transport'],
  server: ['kernel', 'cluster', 'storage', 'metrics', 'transport'],
  simulator: ['kernel'],
  linearizability: ['kernel'],
  tokens: ['kernel', 'cluster', 'register'],
  'paxos-server': ['kernel', 'paxos', 'ledger', 'cluster', 'transport', 'server'],
  'register-server': ['kernel', 'register', 'tokens', 'transport', 'server'],
  pty: [],
  tui: ['kernel', 'ledger', 'client'],
  cli: [
    'kernel',
    'paxos',
    'ledger',
    'register',
    'tokens',
    'cluster',
    'storage',
    'metrics',
    'transport',
    'client',
    'server',
    'linearizability',
    'simulator',
    'paxos-server',
    'register-server',
    'tui',
  ],
};
/** What the `simulation` folder of a package may import besides: who uses it brings those along. */
const mayToSimulate = {
  register: ['simulator', 'linearizability'],
  ledger: ['simulator'],
};
const secrets = {
  transport: 'node_modules/(@bufbuild|@grpc|grpc-health-check|protobufjs)/',
  storage: 'node_modules/classic-level/',
};

const self = basename(process.cwd());
if (!may[self]) throw new Error(`.dependency-cruiser.cjs does not say what ${self} may import`);
const { exports: published, dependencies = {}, devDependencies = {}, peerDependencies = {} } = require(
  join(process.cwd(), 'package.json'),
);

/** Tests, and what only tests use: `testing` folders, unless the package publishes its own. */
const testPath = published['./testing'] ? '^src/.*\\.test\\.tsx?$' : '^src/.*(\\.test\\.tsx?$|(?<=/)testing/)';
/** Made of the published proto files alone, as others would make it: it knows the libraries, and nothing of ours. */
const foreignClient = '^src/testing/foreign-client\\.ts$';
const simulationPath = '^src/simulation/';
const sources = { path: '^src/', pathNot: [testPath, simulationPath] };
const simulations = { path: simulationPath, pathNot: testPath };
const tests = { path: testPath };
/** Any other package of the workspace but those named, seen from a package folder. */
const otherPackagesBut = (names) => ({
  path: '^\\.\\./(\\.\\./(packages|apps)/)?[^./][^/]*/',
  pathNot: names.map((name) => `^\\.\\./(\\.\\./(packages|apps)/)?${name}/`),
});
/** npm packages are checked by dependency type; links inside the workspace have none, so they are checked by path. */
const packagesOf = (declared) =>
  Object.keys(declared).flatMap((name) => (name.startsWith('@synod/') ? [name.slice('@synod/'.length)] : []));

module.exports = {
  forbidden: [
    { name: 'imports-only-what-is-below', severity: 'error', from: sources, to: otherPackagesBut(may[self]) },
    {
      name: 'declared-in-package-json',
      severity: 'error',
      from: sources,
      to: otherPackagesBut(packagesOf(dependencies)),
    },
    {
      name: 'simulations-import-only-what-is-below',
      severity: 'error',
      from: simulations,
      to: otherPackagesBut([...may[self], ...(mayToSimulate[self] ?? [])]),
    },
    {
      name: 'declared-for-simulations-in-package-json',
      severity: 'error',
      from: simulations,
      to: otherPackagesBut(packagesOf({ ...dependencies, ...peerDependencies })),
    },
    { name: 'the-rest-needs-no-simulation', severity: 'error', from: sources, to: { path: simulationPath } },
    {
      name: 'declared-for-tests-in-package-json',
      severity: 'error',
      from: tests,
      to: otherPackagesBut(packagesOf({ ...dependencies, ...devDependencies })),
    },
    {
      name: 'npm-package-declared-in-package-json',
      severity: 'error',
      from: { path: '^src/', pathNot: testPath },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'] },
    },
    { name: 'tests-are-for-tests', severity: 'error', from: { path: '^src/', pathNot: testPath }, to: tests },
    { name: 'no-cycles', severity: 'error', from: { path: '^src/' }, to: { circular: true } },
    { name: 'not-unresolvable', severity: 'error', from: { path: '^src/' }, to: { couldNotResolve: true } },
    ...Object.entries(secrets)
      .filter(([owner]) => owner !== self)
      .map(([owner, path]) => ({
        name: `only-${owner}-knows-its-libraries`,
        severity: 'error',
        from: { path: '^src/', pathNot: foreignClient },
        to: { path },
      })),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@synod/source', 'import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.d.ts', '.json'],
    },
  },
};
