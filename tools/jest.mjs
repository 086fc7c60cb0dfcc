// Runs Jest for the package in the current folder: `node ../../tools/jest.mjs [pattern] [jest options]`.
// Started by Nx it also leaves its results for the totals of `npm test` (tools/test.mjs).
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { resultsFile } from './results.mjs';

const jest = fileURLToPath(import.meta.resolve('jest/bin/jest'));
const config = fileURLToPath(new URL('./jest.config.mjs', import.meta.url));
const options = ['--config', config, '--rootDir', process.cwd()];

const project = process.env.NX_TASK_TARGET_PROJECT;
if (project) {
  const results = resultsFile(project);
  mkdirSync(dirname(results), { recursive: true });
  options.push('--json', '--outputFile', results);
}

const { status } = spawnSync(
  process.execPath,
  ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', jest, ...options, ...process.argv.slice(2)],
  // Nx sets FORCE_COLOR for its tasks; rendered-string tests need it off.
  { stdio: 'inherit', env: { ...process.env, FORCE_COLOR: '0' } },
);
process.exit(status ?? 1);
