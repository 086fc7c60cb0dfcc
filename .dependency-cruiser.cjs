// The walls of the house (docs/architecture.md). Each package's build runs this over its own sources.
// A package may import only the packages listed here; nothing below knows what is above.
const may = {
  kernel: [],
  paxos: ['kernel'],
  ledger: ['kernel', 'paxos'],
  cluster: ['kernel'],
  storage: ['kernel'],
  metrics: ['kernel'],
  transport: ['kernel', 'paxos', 'ledger'],
  client: ['kernel', 'ledger', 'transport'],
  simulator: ['kernel'],
  'paxos-server': ['kernel', 'paxos', 'ledger', 'cluster', 'storage', 'metrics', 'transport'],
  cli: ['kernel', 'paxos', 'ledger', 'cluster', 'storage', 'transport', 'client', 'paxos-server'],
};

const layers = Object.entries(may).map(([name, allowed]) => ({
  name: `${name}-imports-only-what-is-below-it`,
  severity: 'error',
  from: { path: `(^|/)${name}/src/` },
  to: {
    path: '(^|/)(packages|apps)/[^/]+/',
    pathNot: `(^|/)(packages|apps)/(${[name, ...allowed].join('|')})/`,
  },
}));

module.exports = {
  forbidden: [
    ...layers,
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'not-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'declared-in-package-json',
      severity: 'error',
      from: { pathNot: '\\.test\\.tsx?$' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'] },
    },
    {
      name: 'only-transport-knows-protobuf',
      severity: 'error',
      from: { pathNot: '(^|/)packages/transport/' },
      to: { path: '@bufbuild/protobuf|@grpc/|packages/transport/src/gen' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@synod/source', 'import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.d.ts', '.json'],
    },
  },
};
