// Runs Jest for the package in the current folder: `node ../../tools/jest.mjs [pattern] [jest options]`.
// As the test task of Nx it also leaves its results for the totals of `npm test` (tools/test.mjs).
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { jest, jestArguments, jestEnvironment, nodeFlags } from './jest-command.mjs';
import { resultsFile } from './results.mjs';

const options = jestArguments(process.cwd());
const { NX_TASK_TARGET_PROJECT: project, NX_TASK_TARGET_TARGET: target } = process.env;
if (project && target === 'test') {
  const results = resultsFile(project);
  mkdirSync(dirname(results), { recursive: true });
  options.push('--json', '--outputFile', results);
}
const { status } = spawnSync(process.execPath, [...nodeFlags, jest, ...options, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, ...jestEnvironment },
});
process.exit(status ?? 1);
