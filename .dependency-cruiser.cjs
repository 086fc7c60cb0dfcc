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

// A build cruises from its package's folder: its own sources are `src/…`, its neighbours `../kernel/…` or
// `../../apps/…`.
const here = require('node:path').basename(process.cwd());
const allowed = may[here];
if (allowed === undefined) throw new Error(`${here} has no place in the house yet`);

const onlyTransportKnowsProtobuf = {
  name: 'only-transport-knows-protobuf',
  severity: 'error',
  from: {},
  to: { path: '@bufbuild/protobuf|@grpc/|transport/src/gen' },
};

module.exports = {
  forbidden: [
    {
      name: `${here}-imports-only-what-is-below-it`,
      severity: 'error',
      from: { path: '^src/' },
      to: {
        path: '^\\.\\./',
        pathNot: ['^(\\.\\./)+node_modules/', `^\\.\\./(\\.\\./(packages|apps)/)?(${allowed.join('|')})/`],
      },
    },
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
    ...(here === 'transport' ? [] : [onlyTransportKnowsProtobuf]),
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
