import { fileURLToPath } from 'node:url';

const jest = fileURLToPath(import.meta.resolve('jest/bin/jest'));
const config = fileURLToPath(new URL('./jest.config.mjs', import.meta.url));

/** The arguments with which Node runs Jest over one package folder. */
export function jestCommand(rootDir) {
  return [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    jest,
    '--config',
    config,
    '--rootDir',
    rootDir,
  ];
}

/** Nx sets FORCE_COLOR for its tasks; rendered-string tests need it off. */
export const jestEnvironment = { FORCE_COLOR: '0' };
