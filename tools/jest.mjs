// Runs Jest for the package in the current folder: `node ../../tools/jest.mjs [pattern] [jest options]`.
// Started by Nx it also leaves its results for the totals of `npm test` (tools/test.mjs).
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { resultsFile } from './results.mjs';

const jest = fileURLToPath(import.meta.resolve('jest/bin/jest'));
const config = fileURLToPath(new URL('./jest.config.mjs', import.meta.url));
const project = process.env.NX_TASK_TARGET_PROJECT;
const { status } = spawnSync(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    jest,
    '--config',
    config,
    '--rootDir',
    process.cwd(),
    ...(project ? ['--json', '--outputFile', resultsFile(project)] : []),
    ...process.argv.slice(2),
  ],
  // Nx sets FORCE_COLOR for its tasks; rendered-string tests need it off.
  { stdio: 'inherit', env: { ...process.env, FORCE_COLOR: '0' } },
);
process.exit(status ?? 1);
