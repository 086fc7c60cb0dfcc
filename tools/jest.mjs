// Runs Jest for the package in the current folder: `node ../../tools/jest.mjs [pattern] [jest options]`.
// Started by Nx it also leaves its results for the totals of `npm test` (tools/test.mjs).
import { spawnSync } from 'node:child_process';
import { jestCommand, jestEnvironment } from './jest-command.mjs';
import { resultsFile } from './results.mjs';

const project = process.env.NX_TASK_TARGET_PROJECT;
const { status } = spawnSync(
  process.execPath,
  [
    ...jestCommand(process.cwd()),
    ...(project ? ['--json', '--outputFile', resultsFile(project)] : []),
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit', env: { ...process.env, ...jestEnvironment } },
);
process.exit(status ?? 1);
