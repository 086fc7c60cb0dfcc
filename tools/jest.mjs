// Runs Jest for the package in the current folder: `node ../../tools/jest.mjs [pattern] [jest options]`.
// Nx sets FORCE_COLOR for its tasks; rendered-string tests need it off.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const jest = createRequire(import.meta.url).resolve('jest/bin/jest.js');
const config = fileURLToPath(new URL('./jest.config.mjs', import.meta.url));
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
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit', env: { ...process.env, FORCE_COLOR: '0' } },
);
process.exit(status ?? 1);
